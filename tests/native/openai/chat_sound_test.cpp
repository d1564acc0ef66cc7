#include "openai/chat_sound.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "json/value.h"
#include "native/openai/read_request.h"
#include "openai/chat_dialect.h"
#include "openai/chat_response.h"

// Answers of chats that are spoken.

namespace rondo::openai {
namespace {

using conversation::Event;
using conversation::Finish;
using conversation::Sound;
using conversation::TextPiece;
using Events = std::vector<Event>;

const conversation::AnswerHead kHead{"1", 1764000000, "m"};
const std::string kAsked = R"("modalities":["text","audio"],"audio":{"voice":"alloy","format":)";

Event sound(std::string_view samples, int choice = 0,
            std::string type = "audio/L16;codec=pcm;rate=16000") {
  return {choice, Sound{std::move(type), encodeBase64(samples)}};
}

Event said(std::string_view text) { return {0, TextPiece{text}}; }

Result<std::string> whole(const std::string& format, Events events) {
  const auto sent = chatDialect().read(json::keptText(withFields(kAsked + format + "}")), {});
  return sent->format->whole(kHead, {std::move(events), std::nullopt});
}

json::Value messageOf(const std::string& completion, std::size_t choice = 0) {
  return json::parse(completion)->at("choices").at(choice).at("message");
}

std::string bytesOf(const json::Value& message) {
  return decodeBase64(message.at("audio").at("data").get<std::string>()).value_or("broken");
}

std::string streamed(std::vector<Events> feeds) {
  ChatStyle style;
  style.sound = ChatSound::Pcm16;
  ChunkWriter writer(kHead, style);
  std::string out;
  for (Events& events : feeds) writer.append(out, std::move(events));
  return out;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(ChatSound, IsOnePieceWithTheTextBesideItAsItsTranscript) {
  const auto told =
      whole(R"("pcm16")", {said("He"), sound("ab"), said("y"), sound("cd"), {0, Finish{}}});
  const auto message = messageOf(*told);
  EXPECT_EQ(bytesOf(message), "abcd");
  EXPECT_TRUE(message.at("content").is_null());
  const auto& audio = message.at("audio");
  EXPECT_EQ(audio.at("transcript"), "Hey");
  EXPECT_EQ(audio.at("id"), "audio_1");
  EXPECT_EQ(audio.at("expires_at"), 1764000000);
}

TEST(ChatSound, IsAFileWithOneHeadOfTheModelsRate) {
  const auto told = whole(R"("wav")", {sound("ab"), sound("cd"), {0, Finish{}}});
  PcmFormat format;
  format.rate = 16'000;
  EXPECT_EQ(bytesOf(messageOf(*told)), wavHead(format, 4) + "abcd");
}

TEST(ChatSound, IsToldChoiceByChoice) {
  const auto told =
      whole(R"("pcm16")", {sound("ab"), sound("xy", 1), sound("cd"), {0, Finish{}}, {1, Finish{}}});
  EXPECT_EQ(bytesOf(messageOf(*told)), "abcd");
  EXPECT_EQ(bytesOf(messageOf(*told, 1)), "xy");
  EXPECT_EQ(messageOf(*told, 1).at("audio").at("id"), "audio_1_1");
}

TEST(ChatSound, ThatCanNotBeReadIsAnError) {
  const auto told = whole(R"("wav")", {sound("ab", 0, "audio/wav"), {0, Finish{}}});
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, "unknown_encoding");
}

TEST(ChatSound, ThatIsNotThereLeavesTheTextToBeTheContent) {
  const auto message = messageOf(*whole(R"("wav")", {said("Hey"), {0, Finish{}}}));
  EXPECT_EQ(message.at("content"), "Hey");
  EXPECT_FALSE(message.contains("audio"));
}

TEST(ChatSound, OfAStreamComesInPiecesUnderOneId) {
  const auto out = streamed({{said("He")}, {sound("ab"), sound("cd")}, {{0, Finish{}}}});
  EXPECT_TRUE(contains(out, R"("delta":{"role":"assistant","content":null})"));
  EXPECT_TRUE(contains(out, R"("delta":{"audio":{"id":"audio_1","transcript":"He"}})"));
  EXPECT_TRUE(contains(
      out, R"("delta":{"audio":{"id":"audio_1","data":")" + encodeBase64("abcd") + R"("}})"));
  const auto end = out.find(R"("delta":{"audio":{"id":"audio_1","expires_at":1764000000}})");
  ASSERT_NE(end, std::string::npos);
  EXPECT_LT(end, out.find(R"("finish_reason":"stop")"));
}

TEST(ChatSound, OfAStreamWithoutAnyHasNoEnd) {
  EXPECT_FALSE(contains(streamed({{{0, Finish{}}}}), "audio"));
}

TEST(ChatSound, OfAStreamTakesATextThatComesAloneForItsTranscript) {
  ChatStyle style;
  style.sound = ChatSound::Pcm16;
  ChunkWriter writer(kHead, style);
  std::string out;
  const json::TextBuilder text("Hey");
  writer.appendText(out, conversation::TextKind::Said, text.view());
  EXPECT_TRUE(contains(out, R"("delta":{"audio":{"id":"audio_1","transcript":"Hey"}})"));
  writer.appendText(out, conversation::TextKind::Thought, text.view());
  EXPECT_TRUE(contains(out, R"("delta":{"reasoning_content":"Hey"})"));
}

TEST(ChatSound, OfTheHistoryIsItsTranscriptOrLeftOutAndTold) {
  const auto history = [](const std::string& message) {
    return readWithMessages(R"({"role":"user","content":"a"},{"role":"assistant",)" + message +
                            "}");
  };
  const auto lost = history(R"("content":null,"audio":{"id":"audio_1"})");
  EXPECT_EQ(lost.adjusted, std::vector<std::string>{"audio"});
  const auto known = history(R"("audio":{"id":"audio_1","transcript":"Hey","data":"AA=="})");
  EXPECT_TRUE(known.adjusted.empty());
  EXPECT_EQ(textOf(known.turns.back()), "Hey");
  const auto written = history(R"("content":"Hey there","audio":{"id":"audio_1"})");
  EXPECT_TRUE(written.adjusted.empty());
  EXPECT_EQ(textOf(written.turns.back()), "Hey there");
}

}  // namespace
}  // namespace rondo::openai
