#include "gateway/native_call.h"

#include <gtest/gtest.h>

#include "gateway/native_affinity.h"

namespace rondo::gateway {
namespace {

NativeCall calling(std::string verb, std::string query = {}) {
  NativeCall call;
  call.verb = std::move(verb);
  call.query = std::move(query);
  return call;
}

TEST(NativeCall, IsAStreamByItsVerbAlone) {
  EXPECT_TRUE(isStream(calling("streamGenerateContent")));
  EXPECT_FALSE(isStream(calling("generateContent", "alt=sse")));
  EXPECT_FALSE(isStream(calling("streamRawPredict")));
}

TEST(NativeCall, IsAnsweredInAnArrayUnlessItAsksForEvents) {
  for (const auto* query : {"", "alt=json", "alts=sse", "falt=sse", "alt=sse2", "fields=alt=sse"}) {
    EXPECT_TRUE(isArray(calling("streamGenerateContent", query))) << query;
  }
  for (const auto* query : {"alt=sse", "$alt=sse", "%24alt=sse", "fields=a&alt=sse", "alt=sse&b"}) {
    EXPECT_FALSE(isArray(calling("streamGenerateContent", query))) << query;
  }
  EXPECT_FALSE(isArray(calling("generateContent")));
}

std::string withTurns(const std::string& turns) {
  return R"({"systemInstruction":{"parts":[{"text":"s"}]},"contents":[)" + turns + "]}";
}

constexpr std::string_view kFirst = R"({"role":"user","parts":[{"text":"a \"}] b"}]})";
constexpr std::string_view kSecond = R"({"role":"model","parts":[{"text":"c"}]})";

TEST(NativeAffinity, StaysTheSameWhileAConversationGrows) {
  const std::string first(kFirst);
  EXPECT_EQ(nativeConversation(withTurns(first)),
            nativeConversation(withTurns(first + "," + std::string(kSecond))));
}

TEST(NativeAffinity, DiffersByTheFirstTurnAndByWhatStandsInFrontOfIt) {
  const auto first = nativeConversation(withTurns(std::string(kFirst)));
  EXPECT_NE(first, nativeConversation(withTurns(std::string(kSecond))));
  EXPECT_NE(first, nativeConversation(R"({"contents":[)" + std::string(kFirst) + "]}"));
  const auto parts = [](const std::string& second) {
    return nativeConversation(
        withTurns(R"({"parts":[{"text":"}}"},{"text":")" + second + R"("}]})"));
  };
  EXPECT_NE(parts("b"), parts("c"));
}

TEST(NativeAffinity, TakesNoPropertyOfASchemaForTheTurns) {
  for (const std::string properties :
       {R"("contents":{"type":"string"})", R"("required":["contents"],"items":[{}])"}) {
    const auto body = [&properties](std::string_view turn) {
      return R"({"tools":[{"properties":{)" + properties + R"(}}],"contents" : [)" +
             std::string(turn) + "]}";
    };
    EXPECT_NE(nativeConversation(body(kFirst)), nativeConversation(body(kSecond)));
    EXPECT_TRUE(holdsTurn(body(kFirst)));
  }
}

TEST(NativeAffinity, IsAllThatHasComeOfATurnThatIsLonger) {
  const auto whole = withTurns(std::string(kFirst));
  const auto part = whole.substr(0, whole.size() - 8);
  EXPECT_TRUE(nativeConversation(part).ends_with(part));
}

TEST(NativeAffinity, IsAllOfABodyWithoutTurns) {
  for (const std::string body :
       {"", "no JSON", R"({"content":{"parts":[]}})", R"({"contents":1})"}) {
    EXPECT_EQ(nativeConversation(body), "native\n" + body);
  }
}

}  // namespace
}  // namespace rondo::gateway
