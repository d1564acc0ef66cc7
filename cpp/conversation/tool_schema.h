#pragma once

#include <string>

#include "json/value.h"

namespace rondo::conversation {

// The type that a schema of a tool's input demands, as JSON, where nothing of it is an object:
// `"array"`, `["string","null"]`. No call has such an input. Empty where an object may be one, and
// where nothing is said: words that are no types, and null, which is the want of an input.
std::string typeOfNoObject(const json::Value& schema);

}  // namespace rondo::conversation
