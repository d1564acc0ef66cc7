#include "anthropic/error.h"

#include <gtest/gtest.h>

namespace rondo::anthropic {
namespace {

std::string bodyOf(ErrorKind kind, const std::string& code = {}) {
  return errorBody(makeError(kind, "Why.", code), "req_1");
}

std::string bodyWith(const std::string& type, const std::string& text) {
  return R"({"type":"error","error":{"type":")" + type + R"(","message":")" + text +
         R"("},"request_id":"req_1"})";
}

TEST(AnthropicErrorTest, EachKindHasItsTypeAndStatus) {
  struct Row {
    ErrorKind kind;
    const char* code;
    const char* type;
    int status;
  };
  const Row kRows[] = {
      {ErrorKind::BadRequest, "", "invalid_request_error", 400},
      {ErrorKind::Forbidden, "", "permission_error", 403},
      {ErrorKind::NotFound, "model_not_found", "not_found_error", 404},
      {ErrorKind::RateLimited, "", "rate_limit_error", 429},
      {ErrorKind::RateLimited, "insufficient_quota", "rate_limit_error", 429},
      {ErrorKind::Transient, "model_overloaded", "overloaded_error", 529},
      {ErrorKind::Transient, "overloaded", "overloaded_error", 529},
      {ErrorKind::Transient, "upstream_error", "api_error", 503},
      {ErrorKind::TimedOut, "", "timeout_error", 504},
      {ErrorKind::Broken, "", "api_error", 502},
      {ErrorKind::Unavailable, "no_credentials", "api_error", 503},
      {ErrorKind::Internal, "", "api_error", 500},
  };
  for (const auto& [kind, code, type, status] : kRows) {
    EXPECT_EQ(errorStatus(makeError(kind, "Why.", code)), status) << type;
    EXPECT_EQ(bodyOf(kind, code), bodyWith(type, "Why."));
  }
}

TEST(AnthropicErrorTest, TooManyTokensAreToldInTheWordsThatAgentsKnow) {
  EXPECT_EQ(bodyOf(ErrorKind::BadRequest, "context_length_exceeded"),
            bodyWith("invalid_request_error", "prompt is too long: Why."));
}

TEST(AnthropicErrorTest, ThePathOfAFieldIsInTheMessage) {
  EXPECT_EQ(
      errorBody(badRequest("Invalid base64 data.", "messages[0].content[1].source.data"), "req_1"),
      bodyWith("invalid_request_error",
               "messages[0].content[1].source.data: Invalid base64 data."));
  EXPECT_EQ(errorBody(badRequest("Missing 'model'.", "model"), "req_1"),
            bodyWith("invalid_request_error", "Missing 'model'."));
}

TEST(AnthropicErrorTest, ThreadsAreRefusedInAWayThatTheSdkUnderstands) {
  EXPECT_EQ(errorBody(badRequest("No thread.", "thread", "thread_unsupported_request"), ""),
            R"({"type":"error","error":{"type":"invalid_request_error","message":"No thread.",)"
            R"("details":{"error_code":"thread_unsupported_request","unsupported":["thread"]}},)"
            R"("request_id":null})");
}

}  // namespace
}  // namespace rondo::anthropic
