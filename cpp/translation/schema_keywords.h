#pragma once

#include <string_view>

#include "json/value.h"

namespace rondo::translation {

// What kind of value a keyword of JSON Schema has. Whatever no kind names is data, or a keyword
// that nobody here looks into.
enum class Keyword {
  Other,
  Text,        // description, title …
  Number,      // minItems, maximum …
  Type,        // type
  Enum,        // enum
  Names,       // required, propertyOrdering: names of properties
  Reference,   // $ref
  Properties,  // properties
  SchemaMap,   // $defs …: from names to schemas
  SchemaList,  // allOf, prefixItems
  Union,       // anyOf, oneOf
  Items,       // items: a schema, of old a list of schemas
  Additional,  // additionalProperties: a schema or a boolean
  Condition,   // not, if …: schemas that Google takes and doesn't enforce
  Conditions,  // dependentSchemas: a map of such
  Foreign,     // ref, defs: words of Google's own Schema, which say nothing in JSON Schema
};

Keyword keywordOf(std::string_view key);

// Calls `visit(keyword, name, schema)` for each schema right inside of `schema`, which is an
// object; `name` is the property's or definition's, else the keyword itself.
template <class Visit>
void visitSubschemas(const json::Value& schema, Visit visit) {
  for (const auto& [key, value] : schema.items()) {
    const Keyword keyword = keywordOf(key);
    switch (keyword) {
      case Keyword::Properties:
      case Keyword::SchemaMap:
      case Keyword::Conditions:
        if (!value.is_object()) break;
        for (const auto& [name, inner] : value.items()) visit(keyword, name, inner);
        break;
      case Keyword::SchemaList:
      case Keyword::Union:
      case Keyword::Items:
        if (value.is_array()) {
          for (const json::Value& inner : value) visit(keyword, key, inner);
          break;
        }
        [[fallthrough]];
      case Keyword::Additional:
      case Keyword::Condition: visit(keyword, key, value); break;
      default: break;
    }
  }
}

}  // namespace rondo::translation
