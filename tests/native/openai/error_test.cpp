#include "openai/error.h"

#include <gtest/gtest.h>

namespace rondo::openai {
namespace {

TEST(OpenAiErrorTest, ABadRequestNamesItsField) {
  const Error error = badRequest("Wrong.", "messages[0].role", "invalid_value");
  EXPECT_EQ(errorStatus(error), 400);
  EXPECT_EQ(errorBody(error), R"({"error":{"message":"Wrong.","type":"invalid_request_error",)"
                              R"("param":"messages[0].role","code":"invalid_value"}})");
}

TEST(OpenAiErrorTest, EmptyParamAndCodeAreNull) {
  EXPECT_EQ(errorBody(makeError(ErrorKind::Internal, "Oops.")),
            R"({"error":{"message":"Oops.","type":"server_error","param":null,"code":null}})");
}

TEST(OpenAiErrorTest, ARateLimitHasATypeAndACodeOfItsOwn) {
  const Error error = makeError(ErrorKind::RateLimited, "Later.");
  EXPECT_EQ(errorStatus(error), 429);
  EXPECT_EQ(errorBody(error), R"({"error":{"message":"Later.","type":"requests","param":null,)"
                              R"("code":"rate_limit_exceeded"}})");
}

TEST(OpenAiErrorTest, ASpentQuotaIsNotAPassingLimit) {
  const Error error = makeError(ErrorKind::RateLimited, "Spent.", "insufficient_quota");
  EXPECT_NE(errorBody(error).find(R"("type":"insufficient_quota")"), std::string::npos);
}

TEST(OpenAiErrorTest, EveryKindHasItsStatus) {
  const auto status = [](ErrorKind kind) { return errorStatus(makeError(kind, "x")); };
  EXPECT_EQ(status(ErrorKind::Forbidden), 403);
  EXPECT_EQ(status(ErrorKind::NotFound), 404);
  EXPECT_EQ(status(ErrorKind::Transient), 503);
  EXPECT_EQ(status(ErrorKind::Broken), 502);
  EXPECT_EQ(status(ErrorKind::Unavailable), 503);
  EXPECT_EQ(status(ErrorKind::Internal), 500);
}

TEST(OpenAiErrorTest, AMethodThatIsNotSupportedIs405) {
  EXPECT_EQ(errorStatus(makeError(ErrorKind::NotFound, "No.", "method_not_supported")), 405);
}

TEST(OpenAiErrorTest, AnErrorEventIsOneEventOfTheSameBody) {
  const Error error = makeError(ErrorKind::Broken, "Line\nbreak.");
  EXPECT_EQ(errorEvent(error), "data: " + errorBody(error) + "\n\n");
}

}  // namespace
}  // namespace rondo::openai
