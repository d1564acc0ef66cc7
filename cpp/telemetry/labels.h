#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

// Keys of what is counted: a kind and the values of its labels, joined by a tab. The same for all
// isolates of a deployment.

namespace rondo::telemetry {

// A label's value without control characters, at most 128 bytes of it; "unknown" when it is empty.
std::string cleanLabel(std::string_view value);

// The values hold no tab.
std::string joinKey(std::initializer_list<std::string_view> parts);
std::vector<std::string_view> splitKey(std::string_view key);

}  // namespace rondo::telemetry
