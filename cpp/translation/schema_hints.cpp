#include "translation/schema_hints.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "translation/schema_node.h"

namespace rondo::translation {
namespace {

// Keywords that say something about a value. Others (`$id`, `x-…`) only speak about the schema.
constexpr std::array<std::string_view, 16> kTelling = {"exclusiveMinimum",
                                                       "exclusiveMaximum",
                                                       "multipleOf",
                                                       "uniqueItems",
                                                       "not",
                                                       "contains",
                                                       "propertyNames",
                                                       "patternProperties",
                                                       "dependentRequired",
                                                       "contentEncoding",
                                                       "contentMediaType",
                                                       "prefixItems",
                                                       "if",
                                                       "then",
                                                       "else",
                                                       "additionalProperties"};

// Whether the value is small enough to be told in a description, judged without spelling it out.
bool isBrief(const json::Value& value, std::size_t& allowance) {
  if (allowance == 0) return false;
  --allowance;
  if (value.is_structured()) {
    for (const json::Value& member : value) {
      if (!isBrief(member, allowance)) return false;
    }
  }
  return json::asString(value).value_or("").size() <= 100;
}

void addHint(std::string& hints, std::string_view key, const json::Value& value) {
  std::size_t allowance = 20;
  if (!isBrief(value, allowance)) return;
  const auto text = json::asString(value);
  hints += hints.empty() ? "Constraints: " : "; ";
  hints.append(key).append(": ").append(text ? std::string(*text) : json::dump(value));
}

constexpr std::array<std::string_view, 7> kTypes = {"string", "number", "integer", "boolean",
                                                    "array",  "object", "null"};

}  // namespace

bool isKnownType(std::string_view type) {
  return std::ranges::any_of(
      kTypes, [type](std::string_view known) { return equalsIgnoringCase(known, type); });
}

bool isKnownFormat(std::string_view type, std::string_view format) {
  if (type == "STRING") return format == "enum" || format == "date-time";
  if (type == "INTEGER") return format == "int32" || format == "int64";
  return type == "NUMBER" && (format == "float" || format == "double");
}

std::string lostConstraints(const SchemaNode& node) {
  std::string hints;
  for (const std::string_view key : kTelling) {
    const json::Value* value = node.find(key);
    // That more is allowed goes without saying.
    if (!value || (key == "additionalProperties" && *value == json::Value(true))) continue;
    addHint(hints, key, *value);
  }
  return hints.empty() ? hints : hints + '.';
}

std::string lostConstraint(std::string_view key, const json::Value& value) {
  std::string hint;
  addHint(hint, key, value);
  return hint.empty() ? hint : hint + '.';
}

std::string demandOf(const json::Value& alternative) {
  constexpr std::size_t kMaxDemand = 200;
  std::string names;
  const json::Value* required = json::findArray(alternative, "required");
  if (!required) return names;
  for (const json::Value& name : *required) {
    const std::string_view text = json::asString(name).value_or("");
    if (text.empty() || names.size() + text.size() > kMaxDemand) continue;
    names.append(names.empty() ? "" : ", ").append(text);
  }
  return names;
}

std::string oneOf(const std::vector<std::string>& options) {
  constexpr std::size_t kMaxTold = 1000;
  if (options.size() < 2) return {};
  std::string text;
  for (const std::string& option : options) {
    if (text.size() + option.size() > kMaxTold) {
      text += "; …";
      break;
    }
    text += (text.empty() ? "One of: " : "; ") + option;
  }
  return text + '.';
}

std::string joinSentences(std::string first, std::string_view second) {
  if (!first.empty() && !second.empty()) first += ' ';
  return first.append(second);
}

}  // namespace rondo::translation
