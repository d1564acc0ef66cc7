#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "json/document.h"

// How the readers of request bodies take a document apart and say what is wrong with it.

namespace rondo::conversation {

// A place in a request, "messages[2].content[0].text", spelled out only when an error names it.
// Holds on to its parent, which must outlive it, and so must the key's characters.
class Path {
 public:
  Path() = default;
  Path(const Path& parent, std::string_view key) : parent_(&parent), key_(key) {}
  Path(const Path& parent, std::size_t index)
      : parent_(&parent), index_(static_cast<std::ptrdiff_t>(index)) {}

  std::string text() const;

 private:
  const Path* parent_ = nullptr;
  std::string_view key_;
  std::ptrdiff_t index_ = -1;
};

// Gathers what is wrong with a request; the first fault is the one that is told.
class Faults {
 public:
  void report(Error error);
  void wrongType(const Path& path, std::string_view expected, json::Node got);
  void missing(const Path& path);
  void tooMany(const Path& path, std::size_t most, std::size_t got);
  void unknownValue(const Path& path, std::string_view got,
                    std::initializer_list<std::string_view> supported);

  // Whether so many bytes more of the request may be taken apart and written anew.
  bool mayOwn(std::size_t size);
  // Whether the text at `path`, of so many bytes, may be written in other words; reports what goes
  // beyond the texts of a request together.
  bool mayReword(const Path& path, std::size_t size);
  // Whether one object more may be read; reports the first that is too much.
  bool mayRead(const Path& path);

  bool any() const { return first_.has_value(); }
  const Error& first() const { return *first_; }

 private:
  // "Invalid 'place': …"
  void invalid(const Path& path, std::string_view what, const char* code);

  std::optional<Error> first_;
  std::size_t owned_ = 0;     // In bytes.
  std::size_t reworded_ = 0;  // In bytes.
  std::size_t read_ = 0;      // Objects.
};

// The members of one object. Null counts as absent; a member of another type is reported and counts
// as absent. Borrows everything it is made of, and so do the nodes and texts it gives.
class FieldReader {
 public:
  // A value that is no object is reported, and has no members; so is one object too many.
  FieldReader(json::Node object, const Path& path, Faults& faults);

  const Path& path() const { return path_; }
  Path at(std::string_view key) const { return {path_, key}; }
  // None when there is no object.
  json::Node self() const { return object_; }

  json::Node any(std::string_view key);
  json::Node object(std::string_view key);
  json::Node array(std::string_view key);
  // One of more than `most` elements is reported, and counts as absent.
  json::Node array(std::string_view key, std::size_t most);
  std::optional<bool> boolean(std::string_view key);
  std::optional<double> number(std::string_view key, double least, double most);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most);

  // An object or an array as a document of its own, for what has to be rewritten. One of more than
  // a megabyte is reported, or the one with which all of a request pass two, since they take many
  // times their size.
  std::optional<json::Value> ownObject(std::string_view key);
  std::optional<json::Value> ownArray(std::string_view key);

  // Empty when absent.
  std::string string(std::string_view key);
  json::Text text(std::string_view key);
  // An absent or an empty one is reported.
  std::string requiredString(std::string_view key);
  json::Text requiredText(std::string_view key);

 private:
  std::optional<json::Value> own(json::Node value, std::string_view key);

  json::Node object_;
  const Path& path_;
  Faults& faults_;
};

}  // namespace rondo::conversation
