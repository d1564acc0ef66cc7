#include "google/error_text.h"

#include "base/ascii.h"

namespace rondo::google {
namespace {

constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Whether the comma at `at` stands before another comma or a closing bracket.
bool isStrayComma(std::string_view text, std::size_t at) {
  std::size_t next = at + 1;
  while (next < text.size() && isBlank(text[next])) ++next;
  return next < text.size() && (text[next] == ',' || text[next] == '}' || text[next] == ']');
}

// Without stray commas, and with blanks in the place of no-break spaces and line ends.
std::string mended(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool inString = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (text.substr(i).starts_with(kNoBreakSpace)) {
      out += ' ';
      ++i;
    } else if (isBlank(c)) {
      out += ' ';
    } else if (inString && c == '\\' && i + 1 < text.size()) {
      out += c;
      out += text[++i];
    } else if (inString || c != ',' || !isStrayComma(text, i)) {
      if (c == '"') inString = !inString;
      out += c;
    }
  }
  return out;
}

bool isWordCharacter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Whether the mark at `at` ends a quotation. An apostrophe inside a word is no mark.
bool isMark(std::string_view text, std::size_t at) {
  if (text[at] == '"' || text[at] == '`') return true;
  if (text[at] != '\'') return false;
  const bool behindWord = at > 0 && isWordCharacter(text[at - 1]);
  const bool beforeWord = at + 1 < text.size() && isWordCharacter(text[at + 1]);
  return !(behindWord && beforeWord);
}

std::string_view between(std::string_view text, char first, char last) {
  const auto begin = text.find(first);
  const auto end = text.rfind(last);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return {};
  return text.substr(begin, end - begin + 1);
}

}  // namespace

std::optional<json::Value> parseLeniently(std::string_view text) {
  text = trim(text);
  if (auto value = json::parse(text)) return std::move(*value);
  const std::string whole = mended(text);
  if (auto value = json::parse(whole)) return std::move(*value);
  const auto object = between(whole, '{', '}');
  if (object.empty()) return std::nullopt;
  if (auto value = json::parse(object)) return std::move(*value);
  return std::nullopt;
}

const json::Value* member(const json::Value& object, std::string_view name) {
  if (const auto* value = json::find(object, name)) return value;
  if (!object.is_object()) return nullptr;
  for (const auto& [key, value] : object.items()) {
    if (trim(key) == name && !value.is_null()) return &value;
  }
  return nullptr;
}

std::string textOf(const json::Value& object, std::string_view name) {
  const auto* value = member(object, name);
  if (!value || value->is_structured()) return {};
  const auto text = json::asString(*value);
  return text ? std::string(*text) : json::dump(*value);
}

std::string plainText(std::string_view body) {
  body = trim(body);
  if (!body.starts_with('<')) {
    return body.find_first_of("{[") == std::string_view::npos ? std::string(body) : std::string();
  }
  const auto lower = toLower(body);
  constexpr std::string_view kBegin = "<title>";
  const auto begin = lower.find(kBegin);
  const auto end = lower.find("</title>");
  if (begin == std::string::npos || end == std::string::npos || end < begin) return {};
  const auto inside = begin + kBegin.size();
  return std::string(trim(body.substr(inside, end - inside)));
}

std::string ownWords(std::string_view message) {
  std::string out;
  char open = '\0';
  for (std::size_t i = 0; i < message.size(); ++i) {
    const bool marks = isMark(message, i);
    if (open == '\0' || (marks && message[i] == open)) out += message[i];
    if (!marks) continue;
    if (open == '\0') {
      open = message[i];
    } else if (message[i] == open) {
      open = '\0';
    }
  }
  return toLower(out);
}

}  // namespace rondo::google
