#pragma once

#include <string_view>

namespace rondo::json {

// Whether `text` is no document because it passes kMaxDepth, kMaxKeys or kMaxValues, and not
// because it is broken or cut before it does. Reads it once more: for faults alone.
bool isExcessive(std::string_view text);

}  // namespace rondo::json
