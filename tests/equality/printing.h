#pragma once

#include <string>

#include "json/value.h"

// How the reference prints what it made.

namespace rondo::equality {

// JSON text that goes into a document as it is. A binary value stands for it, which no JSON text
// can be read as.
inline json::Value verbatim(const std::string& text) {
  return json::Value::binary({text.begin(), text.end()});
}

// Discarded when it isn't one JSON document.
// The library takes a NUL for the end of the text, which it is not: JSON has none (RFC 8259).
inline json::Value parsed(std::string_view text) {
  if (text.contains('\0')) return json::Value(json::Value::value_t::discarded);
  return json::Value::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
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
