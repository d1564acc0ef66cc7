#pragma once

#include <cstdint>

// The head of every answer here.

namespace rondo::equality {

inline constexpr const char* kAnswerSeed = "equality";
inline constexpr const char* kAnswerId = "chatcmpl-equality";
inline constexpr std::int64_t kCreated = 1764000000;
inline constexpr const char* kModelName = "gemini-3.8-flash";

}  // namespace rondo::equality
