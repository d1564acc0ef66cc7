#include "json/writer.h"

#include <array>
#include <charconv>

#include "json/characters.h"

namespace rondo::json {
void appendQuoted(std::string& out, std::string_view text) {
  out += '"';
  appendSpelling(out, text);
  out += '"';
}

void Writer::separate() {
  if (needsComma_) out_ += ',';
  needsComma_ = true;
}

Writer& Writer::beginObject() {
  separate();
  out_ += '{';
  needsComma_ = false;
  return *this;
}

Writer& Writer::endObject() {
  out_ += '}';
  needsComma_ = true;
  return *this;
}

Writer& Writer::beginArray() {
  separate();
  out_ += '[';
  needsComma_ = false;
  return *this;
}

Writer& Writer::endArray() {
  out_ += ']';
  needsComma_ = true;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  separate();
  out_ += '"';
  out_ += name;
  out_ += "\":";
  needsComma_ = false;
  return *this;
}

Writer& Writer::foreignKey(std::string_view name) {
  separate();
  appendQuoted(out_, name);
  out_ += ':';
  needsComma_ = false;
  return *this;
}

Writer& Writer::string(std::string_view text) {
  separate();
  appendQuoted(out_, text);
  return *this;
}

Writer& Writer::string(const Text& text) {
  std::string& out = token();
  out += '"';
  out += text.spelling();
  out += '"';
  return *this;
}

Writer& Writer::integer(std::int64_t number) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return raw(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

// By nlohmann's own algorithm: std::to_chars for floating point weighs 120 KB of tables.
Writer& Writer::number(double number) { return value(Value(number)); }

Writer& Writer::boolean(bool flag) { return raw(flag ? "true" : "false"); }

Writer& Writer::null() { return raw("null"); }

Writer& Writer::value(const Value& value) { return raw(dump(value)); }

Writer& Writer::raw(std::string_view json) {
  token() += json;
  return *this;
}

std::string& Writer::token() {
  separate();
  return out_;
}

}  // namespace rondo::json
