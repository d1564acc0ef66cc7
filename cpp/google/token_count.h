#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rondo::google {

// The `totalTokens` of an answer to countTokens (ai.google.dev/api/tokens). Nothing when it tells
// none.
std::optional<std::int64_t> readTokenCount(std::string_view body);

}  // namespace rondo::google
