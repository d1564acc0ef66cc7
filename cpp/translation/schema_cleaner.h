#pragma once

#include "json/value.h"

namespace rondo::translation {

// A JSON Schema in the subset that Google's own `Schema` knows (ai.google.dev/api/caching#Schema):
// local references put in place and cycles cut, `allOf` merged, unions with null made nullable,
// unknown keywords dropped. What is lost that way is told in the description. Never fails: what
// makes no sense counts as absent. Time and size are bounded whatever the schema is.
json::Value cleanSchema(const json::Value& schema);

// The same for the root of a function's parameters, which is one object: alternatives are folded
// into it, since a union would leave no arguments.
json::Value cleanParameters(const json::Value& schema);

}  // namespace rondo::translation
