#include "gateway/native_errors.h"

#include <gtest/gtest.h>

#include "json/value.h"

namespace rondo::gateway {
namespace {

conversation::ErrorAnswer told(const Error& error) { return nativeErrors().error(error, {"id"}); }

TEST(NativeErrors, HaveGooglesStatusAndItsWord) {
  const std::tuple<ErrorKind, int, std::string> cases[] = {
      {ErrorKind::BadRequest, 400, "INVALID_ARGUMENT"},
      {ErrorKind::Forbidden, 403, "PERMISSION_DENIED"},
      {ErrorKind::NotFound, 404, "NOT_FOUND"},
      {ErrorKind::RateLimited, 429, "RESOURCE_EXHAUSTED"},
      {ErrorKind::Internal, 500, "INTERNAL"},
      {ErrorKind::Transient, 503, "UNAVAILABLE"},
      {ErrorKind::Broken, 503, "UNAVAILABLE"},
      {ErrorKind::Unavailable, 503, "UNAVAILABLE"},
      {ErrorKind::TimedOut, 504, "DEADLINE_EXCEEDED"}};
  for (const auto& [kind, status, word] : cases) {
    const auto answer = told(makeError(kind, "No."));
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.body, R"({"error":{"code":)" + std::to_string(status) +
                               R"(,"message":"No.","status":")" + word + R"("}})");
  }
}

json::Value detailOf(const Error& error, std::string_view type) {
  const auto body = json::parse(told(error).body).value();
  const auto* details = json::findArray(body["error"], "details");
  if (!details) return nullptr;
  for (const auto& each : *details) {
    if (each["@type"] == "type.googleapis.com/google.rpc." + std::string(type)) return each;
  }
  return nullptr;
}

TEST(NativeErrors, TellTheirCodeAsTheReason) {
  EXPECT_EQ(detailOf(makeError(ErrorKind::Broken, "No.", "az"), "ErrorInfo")["reason"], "AZ");
  const auto info = detailOf(makeError(ErrorKind::NotFound, "No.", "model_not_found"), "ErrorInfo");
  EXPECT_EQ(info["reason"], "MODEL_NOT_FOUND");
  EXPECT_EQ(info["domain"], "rondo");
}

TEST(NativeErrors, TellWhyEachCredentialCantServe) {
  Error error = makeError(ErrorKind::RateLimited, "No.", "rate_limit_exceeded");
  error.details = {{"mine", "cooling", "minute", fromUnixMillis(0)}};
  EXPECT_EQ(detailOf(error, "ErrorInfo")["metadata"]["mine"],
            "cooling: minute until 1970-01-01T00:00:00.000Z");
}

TEST(NativeErrors, TellHowLongToWait) {
  Error error = makeError(ErrorKind::RateLimited, "No.", "rate_limit_exceeded");
  error.retryAfter = Millis{1500};
  EXPECT_EQ(detailOf(error, "RetryInfo")["retryDelay"], "2s");
  EXPECT_TRUE(detailOf(makeError(ErrorKind::RateLimited, "No."), "RetryInfo").is_null());
  Error bare = makeError(ErrorKind::RateLimited, "No.");
  bare.retryAfter = Millis{1500};
  EXPECT_EQ(detailOf(bare, "RetryInfo")["retryDelay"], "2s");
}

// gemini-cli tells by its `PerDay` that there is no use in waiting.
TEST(NativeErrors, TellThatADayIsSpent) {
  const Error error = makeError(ErrorKind::RateLimited, "Spent.", "insufficient_quota");
  const auto failure = detailOf(error, "QuotaFailure");
  EXPECT_EQ(failure["violations"][0]["quotaId"], "PoolRequestsPerDay");
}

TEST(NativeErrors, TellWhichFieldIsAtFault) {
  const auto violations =
      detailOf(badRequest("No page.", "pageToken"), "BadRequest")["fieldViolations"];
  EXPECT_EQ(violations[0]["field"], "pageToken");
  EXPECT_EQ(violations[0]["description"], "No page.");
}

TEST(NativeErrors, StandInAnArrayWhereGooglesWould) {
  const Error error = makeError(ErrorKind::NotFound, "No.");
  const auto answer = nativeArrayErrors().error(error, {"id"});
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.body, "[" + told(error).body + "]");
}

}  // namespace
}  // namespace rondo::gateway
