#include "openai/passed_chat.h"

#include <gtest/gtest.h>

#include <string>

namespace rondo::openai {
namespace {

std::string changed(std::string_view body, std::string_view model = "new") {
  const auto chat = readPassedChat(body);
  return chat ? bodyFor(*chat, model) : chat.error().message;
}

TEST(PassedChat, ChangesNothingButTheModelsName) {
  EXPECT_EQ(changed(" {\"a\" : 1.0e1,\n\t\"model\" :\"old\" , \"b\":\"\\u00e9\\ud83d\"}\n"),
            " {\"a\" : 1.0e1,\n\t\"model\" :\"new\" , \"b\":\"\\u00e9\\ud83d\"}\n");
  EXPECT_EQ(changed("\xEF\xBB\xBF{\"mod\\u0065l\":\"o\\u006cd\"}"),
            "\xEF\xBB\xBF{\"mod\\u0065l\":\"new\"}");
  EXPECT_EQ(changed(R"({"messages":[{"model":"x"}],"model":"old"})"),
            R"({"messages":[{"model":"x"}],"model":"new"})");
}

TEST(PassedChat, TellsTheModelInPlainCharacters) {
  EXPECT_EQ(readPassedChat(R"({"model":"gpt\u002d4o"})")->model, "gpt-4o");
}

TEST(PassedChat, IsRefusedWithoutAModelThatCanBeTold) {
  for (const auto* body :
       {R"({"messages":[]})", R"({"model":null})", R"({"model":""})", R"({"model":7})",
        R"({"model":"a","model":"b"})", R"({"model":"a","mod\u0065l":"b"})"}) {
    const auto chat = readPassedChat(body);
    ASSERT_FALSE(chat) << body;
    EXPECT_EQ(chat.error().param, "model") << body;
  }
  EXPECT_FALSE(readPassedChat("[]"));
  EXPECT_FALSE(readPassedChat("{"));
}

TEST(PassedChat, HidesItsCostAsAStreamThatIsNotAskedForIt) {
  const auto isHidden = [](const std::string& members) {
    return readPassedChat(R"({"model":"m")" + members + "}")->cost == PassedChat::Cost::Hidden;
  };
  const std::string told = R"(,"stream_options":{"include_usage":true})";
  const std::string untold = R"(,"stream_options":{"include_usage":false})";
  EXPECT_FALSE(isHidden(""));
  EXPECT_FALSE(isHidden(R"(,"stream":false)"));
  EXPECT_FALSE(isHidden(R"(,"stream":true)" + told));
  EXPECT_TRUE(isHidden(R"(,"stream":true)"));
  EXPECT_TRUE(isHidden(R"(,"stream":true)" + untold));
  EXPECT_TRUE(isHidden(R"(,"stream":true)" + told + untold));
  EXPECT_TRUE(isHidden(R"(,"stream":false,"stream":true)"));
  EXPECT_TRUE(
      isHidden(R"(,"stream":true,"stream_options":{"include_usage":true,"include_usage":false})"));
}

TEST(PassedChat, IsAStreamWhenItSaysTrue) {
  const auto streams = [](std::string_view member) {
    const std::string body = R"({"model":"m",)" + std::string(member) + "}";
    return readPassedChat(body)->stream == conversation::Streaming::On;
  };
  EXPECT_TRUE(streams(R"("stream":true)"));
  EXPECT_FALSE(streams(R"("stream":false)"));
  EXPECT_FALSE(streams(R"("stream":null)"));
}

TEST(PassedChat, TellsConversationsApartAsFarAsTheFirstMessageOfTheClient) {
  const auto of = [](const std::string& members) {
    const std::string body = R"({"model":"m",)" + members + "}";
    return conversationOf(*readPassedChat(body));
  };
  const std::string system = R"({"role":"system","content":"s"})";
  const std::string user = R"({"role":"user","content":"u"})";
  const std::string first = of(R"("messages":[)" + system + "," + user + "]");
  EXPECT_EQ(first, of(R"("messages":[)" + system + "," + user + "," + system + "]"));
  EXPECT_NE(first, of(R"("messages":[)" + system + "," + system + "]"));
  const auto saying = [&of](const std::string& text) {
    return of(R"("messages":[{"role":"user","content":")" + text + R"("}])");
  };
  const std::string beginning(4096, 'a');
  EXPECT_EQ(saying(beginning + "b"), saying(beginning + "c")) << "A beginning is enough.";
  EXPECT_EQ(of(R"("user":"me","messages":[])"), "user\nme");
  EXPECT_EQ(of(R"("user":"me","prompt_cache_key":"k")"), "key\nk");
}

}  // namespace
}  // namespace rondo::openai
