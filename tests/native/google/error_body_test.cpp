#include "google/error_body.h"

#include "google/error_text.h"
#include "native/google/error_cases.h"

namespace rondo::google {
namespace {

const std::string kBody = exhausted("Slow down.", retryInfo(R"("30s")"));

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// Each of these holds the same error: a 429 with a delay of 30 seconds.
class WrappedErrorTest : public testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(WrappedErrorTest, IsFoundInWhateverItCameIn) {
  const auto refusal = classify(429, {}, GetParam().second, kNow);
  EXPECT_EQ(refusalName(refusal.refusal), "minute");
  EXPECT_EQ(refusal.resetAt, kNow + std::chrono::seconds(30));
  EXPECT_EQ(refusal.message, "Slow down.");
}

INSTANTIATE_TEST_SUITE_P(
    All, WrappedErrorTest,
    testing::Values(
        std::pair("Plain", kBody), std::pair("InAnArray", "[" + kBody + "\n]"),
        std::pair("SecondInAnArray", "[null," + kBody + "]"),
        std::pair("InAString", "\"" + escaped(kBody) + "\""),
        std::pair("InAMessage", errorOf(500, "INTERNAL", escaped(kBody))),
        std::pair("InAMessageOfAMessage",
                  errorOf(500, "INTERNAL", escaped(errorOf(500, "INTERNAL", escaped(kBody))))),
        std::pair("InAMessageBehindAPrefix",
                  errorOf(500, "INTERNAL", "got status: 429 Too Many Requests. " + escaped(kBody))),
        std::pair("InAnErrorThatIsAString", R"({"error":")" + escaped(kBody) + "\"}"),
        std::pair("BehindAPrefix", "got status: 429 . " + kBody),
        std::pair("WithoutItsEnvelope", R"({"code":429,"message":"Slow down.","details":[)" +
                                            retryInfo(R"("30s")") + "]}"),
        std::pair("DoubledCommas", R"({"error":{"code":429, ,"message":"Slow down.",
           ,"details":[)" + retryInfo(R"("30s")") +
                                       ",]}}"),
        std::pair("BlanksInKeys",
                  R"({"error":{"code":429,"message":"Slow down.","details":[{" @type":)"
                  R"("type.googleapis.com/google.rpc.RetryInfo","retryDelay ":"30s"}]}})"),
        std::pair("NoBreakSpaces",
                  "{\xC2\xA0\"error\":{\"code\":429,\"message\":\"Slow\xC2\xA0"
                  "down.\",\n\"details\":[" +
                      retryInfo(R"("30s")") + "]}}"),
        std::pair("LineEndInAString",
                  "{\"error\":{\"code\":429,\"message\":\"Slow\ndown.\","
                  "\"details\":[" +
                      retryInfo(R"("30s")") + "]}}"),
        std::pair("CodeAsAString", R"({"error":{"code":"429","message":"Slow down.","details":[)" +
                                       retryInfo(R"("30s")") + "]}}")),
    [](const auto& each) { return each.param.first; });

TEST(ErrorBodyTest, AnEventInAStreamIsJudgedByItsOwnCode) {
  const auto refusal = classify(200, {}, kBody, kNow);
  EXPECT_EQ(refusal.status, 429);
  EXPECT_EQ(refusal.refusal, RefusalClass::Minute);
}

TEST(ErrorBodyTest, WithoutACodeTheStatusWordCounts) {
  const auto refusal =
      classify(200, {}, R"({"error":{"message":"No.","status":"PERMISSION_DENIED"}})", kNow);
  EXPECT_EQ(refusal.status, 403);
}

TEST(ErrorBodyTest, TheAnswersStatusBeatsThePlainErrorsCode) {
  EXPECT_EQ(classify(503, {}, kBody, kNow).status, 503);
}

TEST(ErrorBodyTest, TheInnermostErrorsCodeBeatsTheAnswersStatus) {
  const auto refusal = classify(500, {}, errorOf(500, "INTERNAL", escaped(kBody)), kNow);
  EXPECT_EQ(refusal.status, 429);
}

TEST(ErrorBodyTest, WrappingsAreTakenOffTenLevelsDeep) {
  auto body = kBody;
  for (int i = 0; i < 9; ++i) body = "\"" + escaped(body) + "\"";
  EXPECT_EQ(readErrorBody(body).code, 429);
  body = "\"" + escaped(body) + "\"";
  EXPECT_EQ(readErrorBody(body).source, ErrorBody::Source::None);
}

TEST(ErrorBodyTest, StrayCharactersInADomainAreDropped) {
  const auto body = readErrorBody(
      errorOf(403, "PERMISSION_DENIED", "No.", errorInfo("X", "", " googleapis\\u00a0.com\\n")));
  EXPECT_EQ(body.domain, "googleapis.com");
}

TEST(ErrorBodyTest, DetailsThatAreNoneAreSkipped) {
  const auto body = readErrorBody(errorOf(
      429, "RESOURCE_EXHAUSTED", "No.",
      R"(null,7,"x",[],{},{"@type":5},{"@type":"type.googleapis.com/google.rpc.QuotaFailure",)"
      R"("violations":"none"},)" +
          errorInfo("REAL")));
  EXPECT_EQ(body.reason, "REAL");
  EXPECT_TRUE(body.quotas.empty());
}

TEST(ErrorBodyTest, HtmlGivesItsTitleAndTextItself) {
  EXPECT_EQ(classify(502, {}, "<HTML><TITLE>502\n Bad Gateway</TITLE>", kNow).message,
            "502 Bad Gateway");
  EXPECT_EQ(classify(502, {}, "upstream connect error", kNow).message, "upstream connect error");
  EXPECT_EQ(classify(502, {}, "<html></html>", kNow).message,
            "Google answered 502 without a message.");
}

TEST(ErrorBodyTest, WhatMayBeAnAnswerIsNotRepeated) {
  EXPECT_EQ(classify(200, {}, R"({"candidates":[{"content":"private"}]})", kNow).message,
            "Google answered 500 without a message.");
  EXPECT_EQ(classify(200, {}, R"(data: {"candidates":[{"content":"private"}]}, {)", kNow).message,
            "Google answered 500 without a message.");
}

TEST(ErrorBodyTest, LongMessagesAreCutBetweenCharacters) {
  std::string message(499, 'a');
  message += "\xC3\xA9\xC3\xA9";
  EXPECT_EQ(classify(500, {}, errorOf(500, "INTERNAL", message), kNow).message,
            std::string(499, 'a'));
}

TEST(ErrorBodyTest, AnyBytesHaveAClass) {
  for (const std::string& body :
       {std::string("\xff\xfe\x00\x01", 4), std::string(1000, '['), std::string(1000, '{'),
        std::string("{\"error\":"), std::string("\"\\"), std::string("}{"), std::string("null"),
        std::string("{\"error\":null}"), std::string("{\"error\":[]}")}) {
    EXPECT_EQ(classify(500, {}, body, kNow).refusal, RefusalClass::Transient);
  }
}

TEST(OwnWordsTest, WhatIsQuotedIsLeftOut) {
  EXPECT_EQ(ownWords("Field 'Secret' and \"more \\ text\" and `code` are BAD"),
            "field '' and \"\" and `` are bad");
}

TEST(OwnWordsTest, AnApostropheInsideAWordIsNoMark) {
  EXPECT_EQ(ownWords("The project's quota isn't enough"), "the project's quota isn't enough");
}

TEST(OwnWordsTest, AMarkOfAnotherKindInsideAQuotationEndsNothing) {
  EXPECT_EQ(ownWords("\"it is 'so' here\" yes"), "\"\" yes");
}

TEST(LenientTextTest, AQuotationMarkInsideATextEndsNothing) {
  const auto value = parseLeniently(R"({"a":"\",}",})");
  ASSERT_TRUE(value);
  EXPECT_EQ(json::findString(*value, "a"), "\",}");
}

TEST(LenientTextTest, AMemberThatIsNullIsNone) {
  const auto value = parseLeniently(R"({" a ":null," b ":1})");
  ASSERT_TRUE(value);
  EXPECT_EQ(member(*value, "a"), nullptr);
  EXPECT_NE(member(*value, "b"), nullptr);
}

}  // namespace
}  // namespace rondo::google
