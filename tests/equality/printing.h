#pragma once

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "json/value.h"

// How the reference prints what it made.

namespace rondo::equality {

// JSON text that goes into a document as it is. A binary value stands for it, which no JSON text
// can be read as.
inline json::Value verbatim(const std::string& text) {
  return json::Value::binary({text.begin(), text.end()});
}

// The unit that an escape at the start of `text` tells, as \ud83d; 0 when it tells none.
inline unsigned unitAt(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return 0;
  unsigned unit = 0;
  const auto read = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
  return read.ptr == text.data() + 6 ? unit : 0;
}

// The text with the escape of U+FFFD in the place of each half of a surrogate pair, which the
// library refuses.
inline std::string withoutHalfPairs(std::string_view text) {
  const auto isHigh = [](unsigned unit) { return unit >= 0xD800 && unit < 0xDC00; };
  const auto isLow = [](unsigned unit) { return unit >= 0xDC00 && unit < 0xE000; };
  std::string out;
  while (!text.empty()) {
    const unsigned unit = unitAt(text);
    const bool isPair = isHigh(unit) && isLow(unitAt(text.substr(6)));
    const bool isHalf = !isPair && (isHigh(unit) || isLow(unit));
    const std::size_t size = isPair ? 12 : isHalf ? 6 : text.front() == '\\' ? 2 : 1;
    out += isHalf ? "\\ufffd" : text.substr(0, size);
    text.remove_prefix(std::min(size, text.size()));
  }
  return out;
}

// Discarded when it isn't one JSON document.
// The library takes a NUL for the end of the text, which it is not: JSON has none (RFC 8259).
inline json::Value parsed(std::string_view text) {
  if (text.contains('\0')) return json::Value(json::Value::value_t::discarded);
  return json::Value::parse(withoutHalfPairs(text), nullptr, /*allow_exceptions=*/false);
}

void print(std::string& out, const json::Value& value);

inline std::string printed(const json::Value& value) {
  std::string out;
  print(out, value);
  return out;
}

inline void print(std::string& out, const json::Value& value) {
  std::string_view separator;
  if (value.is_binary()) {
    out.append(value.get_binary().begin(), value.get_binary().end());
  } else if (value.is_object()) {
    out += '{';
    for (const auto& [key, member] : value.items()) {
      out.append(separator).append(json::Value(key).dump()).append(":");
      print(out, member);
      separator = ",";
    }
    out += '}';
  } else if (value.is_array()) {
    out += '[';
    for (const json::Value& element : value) {
      out.append(separator);
      print(out, element);
      separator = ",";
    }
    out += ']';
  } else {
    out += value.dump();
  }
}

}  // namespace rondo::equality
