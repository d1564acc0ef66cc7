#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>

#include "google/error.h"

namespace rondo::google {

// 8 o'clock in the morning in California: the quota day ends in 16 hours.
inline const Instant kNow = fromUnixMillis(1'764'000'000'000);  // 2025-11-24T16:00:00Z
inline constexpr Millis kUntilMidnight = std::chrono::hours(16);

// An answer of Google's and what it must be read as. `wait` is the reset, counted from kNow.
struct RefusalCase {
  std::string name;
  int status;
  std::string body;
  RefusalClass refusal;
  std::optional<Millis> wait;
  std::string reason;
  std::string retryAfter;  // The header field. Empty: none.
};

inline void PrintTo(const RefusalCase& each, std::ostream* out) { *out << each.name; }

inline std::string nameOf(const testing::TestParamInfo<RefusalCase>& info) {
  return info.param.name;
}

inline constexpr Millis kNever{-1};

inline std::string inWords(Millis wait) {
  return wait == kNever ? "never" : "in " + std::to_string(wait.count()) + " ms";
}

class RefusalTest : public testing::TestWithParam<RefusalCase> {
 protected:
  void check() {
    const auto& given = GetParam();
    http::Headers headers;
    if (!given.retryAfter.empty()) headers.set("retry-after", given.retryAfter);
    const auto refusal = classify(given.status, headers, given.body, kNow);
    EXPECT_EQ(refusalName(refusal.refusal), refusalName(given.refusal)) << refusal.message;
    EXPECT_EQ(inWords(refusal.resetAt ? *refusal.resetAt - kNow : kNever),
              inWords(given.wait.value_or(kNever)));
    EXPECT_EQ(refusal.reason, given.reason);
    EXPECT_FALSE(refusal.message.empty());
  }
};

// Pieces that bodies are made of.

inline std::string errorOf(int code, const std::string& status, const std::string& message,
                           const std::string& details = {}) {
  return R"({"error":{"code":)" + std::to_string(code) + R"(,"message":")" + message +
         R"(","status":")" + status + '"' +
         (details.empty() ? "" : R"(,"details":[)" + details + "]") + "}}";
}

inline std::string exhausted(const std::string& message, const std::string& details = {}) {
  return errorOf(429, "RESOURCE_EXHAUSTED", message, details);
}

inline std::string errorInfo(const std::string& reason, const std::string& metadata = {},
                             const std::string& domain = "googleapis.com") {
  return R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":")" + reason +
         R"(","domain":")" + domain + R"(","metadata":{)" + metadata + "}}";
}

inline std::string retryInfo(const std::string& delay) {
  return R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":)" + delay + "}";
}

inline std::string violation(const std::string& quotaId, const std::string& value = "10") {
  return R"({"quotaMetric":"generativelanguage.googleapis.com/requests","quotaId":")" + quotaId +
         R"(","quotaDimensions":{"location":"global","model":"gemini-9-test"},"quotaValue":")" +
         value + "\"}";
}

inline std::string quotaFailure(const std::string& violations) {
  return R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[)" + violations +
         "]}";
}

inline std::string badField(const std::string& field, const std::string& description) {
  return R"({"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":")" +
         field + R"(","description":")" + description + "\"}]}";
}

}  // namespace rondo::google
