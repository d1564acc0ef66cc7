#include "credentials/fields.h"

#include <algorithm>

#include "base/ascii.h"

namespace rondo::credentials {
namespace {

constexpr std::int64_t kMostWeight = 100;
constexpr std::size_t kLongestName = 128;

std::string saying(std::string_view field, std::string_view words) {
  return std::string(field).append(" ").append(words);
}

bool isLowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Whether `text` is a short, non-empty name of lower-case letters, digits and `others`.
bool isName(std::string_view text, std::string_view others) {
  return !text.empty() && text.size() <= kLongestName &&
         std::ranges::all_of(text, [others](char c) {
           return isLowerOrDigit(c) || others.find(c) != std::string_view::npos;
         });
}

}  // namespace

Checked<std::string> optionalText(const json::Value& object, std::string_view field) {
  const auto* value = json::find(object, field);
  if (!value) return std::string();
  const auto text = json::asString(*value);
  if (!text) return fault(saying(field, "must be a string"));
  return std::string(trim(*text));
}

Checked<std::string> requiredText(const json::Value& object, std::string_view field) {
  auto text = optionalText(object, field);
  if (text && text->empty()) return fault(saying(field, "is missing"));
  return text;
}

bool isProject(std::string_view text) { return isName(text, "-_.:"); }

Checked<std::string> optionalProject(const json::Value& object, std::string_view field) {
  auto text = optionalText(object, field);
  if (text && !text->empty() && !isProject(*text)) {
    return fault(saying(field, "is not a project's id (lower-case letters, digits and dashes)"));
  }
  return text;
}

bool isLocation(std::string_view text) { return isName(text, "-"); }

Checked<std::string> optionalLocation(const json::Value& object, std::string_view field) {
  auto text = optionalText(object, field);
  if (text && !text->empty() && !isLocation(*text)) {
    return fault(saying(field, "is not a location's name, such as global or us-central1"));
  }
  return text;
}

Checked<int> optionalWeight(const json::Value& object, std::string_view field) {
  const auto* value = json::find(object, field);
  if (!value) return 1;
  const auto weight = json::asInteger(*value);
  if (!weight || *weight < 1 || *weight > kMostWeight) {
    return fault(saying(field, "must be a whole number from 1 to 100"));
  }
  return static_cast<int>(*weight);
}

Checked<std::vector<std::string>> optionalPatterns(const json::Value& object,
                                                   std::string_view field) {
  std::vector<std::string> patterns;
  const auto* value = json::find(object, field);
  if (!value) return patterns;
  const auto wrong = saying(field, "must be an array of patterns such as \"gemini-3*\"");
  if (!value->is_array() || value->empty()) return fault(wrong);
  for (const auto& each : *value) {
    const auto pattern = json::asString(each);
    if (!pattern || trim(*pattern).empty()) return fault(wrong);
    patterns.emplace_back(trim(*pattern));
  }
  return patterns;
}

}  // namespace rondo::credentials
