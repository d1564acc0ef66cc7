#pragma once

#include <optional>

#include "json/value.h"

namespace rondo::translation {

// JSON Schema that Google takes, meaning the same as far as it can, for `parametersJsonSchema` and
// `responseJsonSchema`; nothing when the schema needs no repair, which costs one walk and no copy.
//
// - A `$ref` leads to the root or to the root's `$defs`: what else it names is put there under a
//   name of its own. One that leads nowhere is cut and told in the description.
// - Beside a `$ref` stand `description` and `default` alone: a copy of what it names takes in other
//   keywords, which win. Where that copy would be too large, too deep or part of itself, they go.
// - `required` and `propertyOrdering` name what `properties` has, each once. `"required": true` in
// a
//   property is moved up. Alternatives that only demand names are told in the description.
// - A loop that no value could end has a property less required, or its `$ref` cut.
// - An `enum` lists texts and numbers alone: null goes into `type`, other values are told in the
//   description, and a list that is empty then goes.
// - A schema that is but true or false goes from keywords such as `not` and `contains`, and is told
//   where it says something.
// - What has the wrong type for its keyword is mended where it is clear what was meant, else left
//   out.
//
// Keys of `properties` and `$defs` are names, values of `enum`, `const`, `default` and `examples`
// are data: neither is read as a keyword. Keywords that Google takes and doesn't enforce (`not`,
// `if` …) are told in the description when something in them would have to be mended. The repair
// adds at most the schema's own size and a little more.
std::optional<json::Value> repairSchema(const json::Value& schema);

// The same, and its root is an object, as the arguments of a function are.
std::optional<json::Value> repairParameters(const json::Value& schema);

}  // namespace rondo::translation
