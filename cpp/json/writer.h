#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/text.h"
#include "json/value.h"

namespace rondo::json {

// Appends `text` as a JSON string token, quotes included. Bytes that are not UTF-8 become U+FFFD.
void appendQuoted(std::string& out, std::string_view text);

// Writes compact JSON at the end of a string, token by token, so that a large document is never
// built in memory first. Commas come by themselves; that keys and values alternate and that what
// is begun is ended is the caller's part. The string must outlive the writer.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& beginObject();
  Writer& endObject();
  Writer& beginArray();
  Writer& endArray();

  // `name` of a literal or otherwise plain key: written without escaping.
  Writer& key(std::string_view name);
  // A key that came from outside.
  Writer& foreignKey(std::string_view name);

  Writer& string(std::string_view text);
  Writer& string(const char* text) { return string(std::string_view(text)); }
  // In the spelling of the document that it comes from.
  Writer& string(const Text& text);
  Writer& integer(std::int64_t number);
  Writer& integer(std::uint64_t number);
  Writer& integer(int number) { return integer(std::int64_t{number}); }
  // Not-a-number and the infinities, which JSON lacks, become null.
  Writer& number(double number);
  Writer& boolean(bool flag);
  Writer& null();
  Writer& value(const Value& value);
  // Text that is a JSON value already.
  Writer& raw(std::string_view json);
  // Makes room for one value, which the caller appends to the string that is returned.
  std::string& token();

 private:
  void separate();
  Writer& object(const Value& value);
  template <class Integer>
  Writer& digits(Integer number);

  std::string& out_;
  bool needsComma_ = false;
};

}  // namespace rondo::json
