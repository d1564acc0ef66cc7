#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "json/fragment.h"
#include "json/text.h"
#include "json/value.h"

// A document to read from, for the ways that every request takes. Reading notes where each value
// stands and copies nothing; `Value` is for documents that are changed, or small.

namespace rondo::json {

enum class Kind : std::uint8_t { Null, False, True, Number, String, Array, Object };

// Where a value stands in its text. A container's members come right after it; those of an object
// are key, value, key, value.
struct Entry {
  std::uint32_t begin = 0;  // Of a string: behind its quote.
  std::uint32_t size = 0;   // In bytes; of a string without the quotes.
  std::uint32_t span = 1;   // Entries that it takes up with all inside.
  Kind kind = Kind::Null;
  Text::Escapes escapes = Text::Escapes::Absent;  // Of a container: HalfPairs or Absent.
};

// One value of a document, or none. Borrows from the document and its text.
class Node {
 public:
  class Elements;
  class Members;

  Node() = default;
  Node(const Entry* entry, const char* base) : entry_(entry), base_(base) {}

  // Whether there is a value.
  explicit operator bool() const { return entry_ != nullptr; }

  bool is(Kind kind) const { return entry_ && entry_->kind == kind; }
  bool isNull() const { return is(Kind::Null); }
  bool isBoolean() const { return is(Kind::True) || is(Kind::False); }
  bool isNumber() const { return is(Kind::Number); }
  bool isString() const { return is(Kind::String); }
  bool isArray() const { return is(Kind::Array); }
  bool isObject() const { return is(Kind::Object); }

  // Where it begins in the text: of a string, behind its quote.
  std::size_t offset() const { return entry_ ? entry_->begin : 0; }
  // The value as its text spells it.
  std::string_view source() const;
  // The same, to be passed on; of a value that is there.
  Fragment fragment() const { return {source(), entry_->escapes}; }
  // Appends the same as others may see it: without halves of surrogate pairs.
  void appendTo(std::string& out) const;

  // The readers give nothing for a value of another kind.
  Text text() const;           // A string.
  std::string string() const;  // A string's characters.
  std::optional<bool> boolean() const;
  std::optional<double> number() const;
  // Whole numbers only; 3.0 counts as one, 3.5 and what does not fit 64 bits do not.
  std::optional<std::int64_t> integer() const;
  // Any value, to keep and to change.
  Value value() const;

  // The member of an object; none when it is absent or null. Of several with the name, the last.
  Node find(std::string_view key) const;

  Elements elements() const;  // Of an array; else none.
  Members members() const;    // Of an object, as pairs of name and value; else none.
  bool hasElements() const { return isArray() && entry_->span > 1; }

 private:
  const Entry* entry_ = nullptr;
  const char* base_ = nullptr;
};

// What can be walked over, by steps that know how far the next one is.
template <class Step>
class Steps {
 public:
  class Iterator {
   public:
    Iterator(const Entry* entry, const char* base) : entry_(entry), base_(base) {}
    auto operator*() const { return Step::at(entry_, base_); }
    Iterator& operator++() {
      entry_ += Step::length(entry_);
      return *this;
    }
    bool operator==(const Iterator& other) const { return entry_ == other.entry_; }

   private:
    const Entry* entry_;
    const char* base_;
  };

  Steps() = default;
  Steps(const Entry* begin, const Entry* end, const char* base)
      : begin_(begin), end_(end), base_(base) {}
  Iterator begin() const { return {begin_, base_}; }
  Iterator end() const { return {end_, base_}; }

 private:
  const Entry* begin_ = nullptr;
  const Entry* end_ = nullptr;
  const char* base_ = nullptr;
};

struct ElementStep {
  static Node at(const Entry* entry, const char* base) { return {entry, base}; }
  static std::uint32_t length(const Entry* entry) { return entry->span; }
};

struct MemberStep {
  static std::pair<Node, Node> at(const Entry* key, const char* base) {
    return {{key, base}, {key + 1, base}};
  }
  static std::uint32_t length(const Entry* key) { return 1 + key[1].span; }
};

class Node::Elements : public Steps<ElementStep> {
  using Steps::Steps;
};

class Node::Members : public Steps<MemberStep> {
  using Steps::Steps;
};

// Takes in what `parse` takes in. One document may read text after text; nodes are good until the
// next.
class Document {
 public:
  // `text` must outlive the nodes. BadRequest when it is not one JSON document, says where it
  // breaks; or passes kMaxDepth, kMaxKeys or kMaxValues.
  Result<void> read(std::string_view text);

  // Whether there is one JSON document in `text`; for whoever needs no words about a broken one.
  bool tryRead(std::string_view text);

  // Good after a reading that succeeded.
  Node root() const { return {entries_.data(), base_}; }

 private:
  std::vector<Entry> entries_;
  const char* base_ = nullptr;
};

}  // namespace rondo::json
