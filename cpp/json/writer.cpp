#include "json/writer.h"

#include <array>
#include <charconv>

namespace rondo::json {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool isPlain(unsigned char c) { return c >= 0x20 && c < 0x80 && c != '"' && c != '\\'; }

void appendEscape(std::string& out, unsigned char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    default: break;
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u00";
  out += kDigits[c >> 4];
  out += kDigits[c & 15];
}

// The length of the well-formed UTF-8 sequence of two to four bytes that `text` begins with; 0
// when there is none. Overlong forms and surrogates are not well-formed (Unicode, table 3-7).
std::size_t sequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto isTail = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const unsigned lead = byte(0);
  if (lead >= 0xC2 && lead <= 0xDF) return isTail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : 0xBF;
    return isTail(1, low, high) && isTail(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
    return isTail(1, low, high) && isTail(2) && isTail(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

void appendQuoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t start = 0;
  std::size_t i = 0;
  while (i < text.size()) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (isPlain(c)) {
      ++i;
      continue;
    }
    const std::size_t length = c < 0x80 ? 0 : sequenceLength(text.substr(i));
    if (length > 0) {
      i += length;
      continue;
    }
    out += text.substr(start, i - start);
    if (c < 0x80) {
      appendEscape(out, c);
    } else {
      out += kReplacement;
    }
    start = ++i;
  }
  out += text.substr(start);
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
