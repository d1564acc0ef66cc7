#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

// Bounds of a request as a whole, which no single reader enforces. docs/bounds.md lists all there
// are, with whoever enforces them, and a test holds it and the code together.

namespace rondo::bounds {

// --- What a client sends ---

// A model's name, without the blanks around it (gateway/model_name).
inline constexpr std::size_t kModelNameBytes = 256;

// --- What a request may do ---

// Calls to Google over all models and mends: a free Worker has 50 subrequests (gateway/model_call).
inline constexpr std::size_t kCallsOfRequest = 16;
// Wait for resets, in all (gateway/model_call).
inline constexpr Millis kWaitForReset = std::chrono::seconds(3);

// Addresses of media, their bytes in all, the bytes of one, and the time for all of them
// (gateway/media_fetch).
inline constexpr std::size_t kMediaAddresses = 16;
inline constexpr std::size_t kMediaBytes = 48 * 1024 * 1024;
inline constexpr std::size_t kMediumBytes = 10 * 1024 * 1024;
inline constexpr Millis kMediaTime = std::chrono::seconds(30);
inline constexpr int kMediaRedirects = 3;
// At once: a Worker has six connections (gateway/media_fetch).
inline constexpr std::size_t kMediaAtOnce = 4;

// Calls of tools whose thought signatures a request asks its client's store for, and has kept there
// (translation/unsigned_calls, translation/answer_translator).
inline constexpr std::size_t kSignedCalls = 128;

// Answers that are asked for side by side where a model gives one a call (gateway/several).
inline constexpr std::size_t kSeveralAtOnce = 4;

// --- What Google answers ---

// Images of several answers, after which no more are asked for (gateway/several).
inline constexpr std::size_t kSeveralBytes = 24 * 1024 * 1024;

// An answer in one piece, which is held several times over while it is translated
// (gateway/chat_question).
inline constexpr std::size_t kAnswerBytes = 16 * 1024 * 1024;
// An error's body: longer ones say nothing more (gateway/model_call).
inline constexpr std::size_t kErrorBytes = 256 * 1024;

// What is looked at of a stream that is passed on, to tell whether it begins with an error
// (gateway/native_question).
inline constexpr std::size_t kStreamOpeningBytes = 4 * 1024;

// --- What an isolate remembers ---

// Models with limits that were found out, and for how long (gateway/learned_limits).
inline constexpr std::size_t kLimitedModels = 200;
inline constexpr Millis kLimitsLast = std::chrono::hours(1);

}  // namespace rondo::bounds
