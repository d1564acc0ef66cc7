#include "credentials/variable_text.h"

#include <string>

#include "base/ascii.h"

namespace rondo::credentials {
namespace {

// The text with the control characters inside its JSON strings escaped.
std::string withEscapedControls(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  bool inString = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inString && c == '\\' && i + 1 < text.size()) {
      out += c;
      out += text[++i];
    } else if (inString && c == '\n') {
      out += "\\n";
    } else if (inString && c == '\r') {
      out += "\\r";
    } else if (inString && c == '\t') {
      out += "\\t";
    } else {
      if (c == '"') inString = !inString;
      out += c;
    }
  }
  return out;
}

}  // namespace

Checked<json::Value> readVariable(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  text = trim(text);
  if (text.starts_with(kByteOrderMark)) text = trim(text.substr(kByteOrderMark.size()));
  if (text.empty() || std::string_view("{[\"").find(text.front()) == std::string_view::npos) {
    return json::Value(text);
  }
  auto value = json::parse(text);
  if (!value) value = json::parse(withEscapedControls(text));
  if (!value) return fault("is not valid JSON: " + value.error().message);
  return std::move(*value);
}

}  // namespace rondo::credentials
