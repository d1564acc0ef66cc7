#pragma once

#include <string>
#include <string_view>

#include "json/value.h"

namespace rondo::translation {

// What a local reference ("#", "#/$defs/Node", RFC 6901) points to in `root`; null when nothing.
const json::Value* resolveReference(const json::Value& root, std::string_view reference);

// The last word of a reference: "Node".
std::string referenceName(std::string_view reference);

}  // namespace rondo::translation
