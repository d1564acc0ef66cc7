#include "translation/schema_keywords.h"

#include <algorithm>
#include <array>
#include <utility>

namespace rondo::translation {
namespace {

using Entry = std::pair<std::string_view, Keyword>;

constexpr std::array<Entry, 40> kKeywords = {{
    {"$defs", Keyword::SchemaMap},
    {"$ref", Keyword::Reference},
    {"additionalItems", Keyword::Condition},
    {"additionalProperties", Keyword::Additional},
    {"allOf", Keyword::SchemaList},
    {"anyOf", Keyword::Union},
    {"contains", Keyword::Condition},
    {"contentSchema", Keyword::Condition},
    {"definitions", Keyword::SchemaMap},
    {"defs", Keyword::Foreign},
    {"dependentSchemas", Keyword::Conditions},
    {"description", Keyword::Text},
    {"else", Keyword::Condition},
    {"enum", Keyword::Enum},
    {"format", Keyword::Text},
    {"if", Keyword::Condition},
    {"items", Keyword::Items},
    {"maxItems", Keyword::Number},
    {"maxLength", Keyword::Number},
    {"maxProperties", Keyword::Number},
    {"maximum", Keyword::Number},
    {"minItems", Keyword::Number},
    {"minLength", Keyword::Number},
    {"minProperties", Keyword::Number},
    {"minimum", Keyword::Number},
    {"not", Keyword::Condition},
    {"oneOf", Keyword::Union},
    {"pattern", Keyword::Text},
    {"patternProperties", Keyword::SchemaMap},
    {"prefixItems", Keyword::SchemaList},
    {"properties", Keyword::Properties},
    {"propertyNames", Keyword::Condition},
    {"propertyOrdering", Keyword::Names},
    {"ref", Keyword::Foreign},
    {"required", Keyword::Names},
    {"then", Keyword::Condition},
    {"title", Keyword::Text},
    {"type", Keyword::Type},
    {"unevaluatedItems", Keyword::Condition},
    {"unevaluatedProperties", Keyword::Condition},
}};

static_assert(std::ranges::is_sorted(kKeywords, {}, &Entry::first));

}  // namespace

Keyword keywordOf(std::string_view key) {
  const auto found = std::ranges::lower_bound(kKeywords, key, {}, &Entry::first);
  return found != kKeywords.end() && found->first == key ? found->second : Keyword::Other;
}

}  // namespace rondo::translation
