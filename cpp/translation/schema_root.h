#pragma once

#include <optional>

#include "json/value.h"

namespace rondo::translation {

// A function's arguments are always one object, and Google wants the root of their schema to say
// so. What these make is in the words of JSON Schema, with the references and definitions of the
// schema itself. They give nothing for a schema that needs none of it.

// The root as a schema of `type: object`. A reference, an `allOf` and, where no type is told, a
// union are folded into one object: nobody says that `type` may stand beside `anyOf` there, and in
// Google's own subset it may not. A union beside `type: object` stays.
std::optional<json::Value> objectRoot(const json::Value& schema);

// The root with all its alternatives folded into one object, for Google's own subset: it has the
// properties of all, requires what all require, and tells the alternatives in its description.
std::optional<json::Value> flatRoot(const json::Value& schema);

// Whether it is a map from names to schemas where a schema belongs.
bool isBareMap(const json::Value& schema);

}  // namespace rondo::translation
