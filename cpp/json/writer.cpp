#include "json/writer.h"

#include <array>
#include <charconv>
#include <cmath>

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
  text.appendTo(out);
  out += '"';
  return *this;
}

template <class Integer>
Writer& Writer::digits(Integer number) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return raw(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

Writer& Writer::integer(std::int64_t number) { return digits(number); }

Writer& Writer::integer(std::uint64_t number) { return digits(number); }

// The shortest text that reads back as the same number, by the library's own algorithm:
// std::to_chars for floating point weighs 120 KB of tables.
Writer& Writer::number(double number) {
  if (!std::isfinite(number)) return null();
  std::array<char, 64> digits{};
  const char* end =
      nlohmann::detail::to_chars(digits.data(), digits.data() + digits.size(), number);
  return raw(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

Writer& Writer::boolean(bool flag) { return raw(flag ? "true" : "false"); }

Writer& Writer::null() { return raw("null"); }

// By hand, and not by the library's serialiser, which brings all of printf along.
Writer& Writer::value(const Value& value) {
  switch (value.type()) {
    case Value::value_t::object: return object(value);
    case Value::value_t::array:
      beginArray();
      for (const Value& element : value) this->value(element);
      return endArray();
    case Value::value_t::string: return string(value.get_ref<const std::string&>());
    case Value::value_t::boolean: return boolean(value.get<bool>());
    case Value::value_t::number_integer: return integer(value.get<std::int64_t>());
    case Value::value_t::number_unsigned: return integer(value.get<std::uint64_t>());
    case Value::value_t::number_float: return number(value.get<double>());
    case Value::value_t::null:
    case Value::value_t::binary:
    case Value::value_t::discarded: break;
  }
  return null();
}

Writer& Writer::object(const Value& value) {
  beginObject();
  for (const auto& [name, member] : value.items()) foreignKey(name).value(member);
  return endObject();
}

Writer& Writer::raw(std::string_view json) {
  token() += json;
  return *this;
}

std::string& Writer::token() {
  separate();
  return out_;
}

}  // namespace rondo::json
