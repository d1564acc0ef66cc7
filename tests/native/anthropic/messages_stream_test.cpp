#include <gtest/gtest.h>

#include "native/anthropic/told.h"
#include "native/json/kept.h"

namespace rondo::anthropic {
namespace {

using conversation::TextKind;

std::string typesOf(std::string_view stream) {
  std::string types;
  for (const auto& event : eventsIn(stream)) {
    types.append(types.empty() ? "" : " ").append(*json::findString(event, "type"));
  }
  return types;
}

TEST(MessagesStreamTest, TextKeepsItsSpellingOnTheShortWay) {
  MessageWriter writer(kHead);
  std::string out;
  writer.appendText(out, TextKind::Said, json::keptNode(R"("a\u00e4\n")").text());
  out.clear();
  writer.appendText(out, TextKind::Said, json::keptNode(R"("b\/")").text());
  EXPECT_EQ(out,
            "event: content_block_delta\n"
            R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta",)"
            R"("text":"b\/"}})"
            "\n\n");
}

TEST(MessagesStreamTest, TheShortWaySaysWhatTheLongOneDoes) {
  MessageWriter quick(kHead);
  MessageWriter slow(kHead);
  std::string said;
  std::string told;
  const std::pair<TextKind, const char*> kPieces[] = {
      {TextKind::Thought, R"("h")"}, {TextKind::Thought, R"("m")"}, {TextKind::Said, R"("a")"},
      {TextKind::Thought, R"("x")"}, {TextKind::Said, R"("b")"},
  };
  for (const auto& [kind, text] : kPieces) {
    const json::Text piece = json::keptNode(text).text();
    quick.appendText(said, kind, piece);
    json::TextBuilder builder;
    builder.append(piece);
    Events events;
    if (kind == TextKind::Said) {
      events.push_back(event(conversation::TextPiece{std::move(builder)}));
    } else {
      events.push_back(event(conversation::ThoughtPiece{std::move(builder)}));
    }
    slow.append(told, std::move(events));
  }
  EXPECT_EQ(said, told);
}

TEST(MessagesStreamTest, TextBehindASignatureBeginsABlock) {
  MessageWriter writer(kHead);
  std::string out;
  writer.appendText(out, TextKind::Said, json::keptNode(R"("a")").text());
  writer.append(out, {event(conversation::Signature{"sig"})});
  writer.appendText(out, TextKind::Said, json::keptNode(R"("b")").text());
  writer.appendEnd(out, std::nullopt);
  Accumulator accumulator;
  for (const auto& each : eventsIn(out)) accumulator.add(each);
  const json::Value content = accumulator.finish()["content"];
  ASSERT_EQ(content.size(), 3U);
  EXPECT_EQ(content[0]["text"], "a");
  EXPECT_EQ(content[1]["signature"], sealed(conversation::Carried::TextSignature, "sig"));
  EXPECT_EQ(content[2]["text"], "b");
}

TEST(MessagesStreamTest, AStreamHasItsEventsInOrder) {
  MessageWriter writer(kHead);
  std::string out;
  writer.append(out, {thought("hm"), called("c1", "one"), finished()});
  writer.appendEnd(out, std::nullopt);
  EXPECT_EQ(typesOf(out),
            "message_start content_block_start content_block_delta content_block_delta "
            "content_block_stop content_block_start content_block_delta content_block_stop "
            "message_delta message_stop");
}

// The data of the first event of a type.
json::Value firstOf(std::string_view type, std::string_view stream) {
  for (const auto& event : eventsIn(stream)) {
    if (json::findString(event, "type") == type) return event;
  }
  return json::Value::object();
}

TEST(MessagesStreamTest, AToolsInputBeginsEmptyAndComesInADelta) {
  MessageWriter writer(kHead);
  std::string out;
  writer.append(out, {called("c1", "", R"({"a":1})")});
  EXPECT_EQ(json::dump(firstOf("content_block_start", out)["content_block"]["input"]), "{}");
  EXPECT_EQ(firstOf("content_block_delta", out)["delta"]["partial_json"], R"({"a":1})");
}

TEST(MessagesStreamTest, AMessageBeginsWithoutAReasonAndItsEndIsADelta) {
  MessageWriter writer(kHead);
  std::string out;
  writer.append(out, {said("a"), finished()});
  writer.appendEnd(out, std::nullopt);
  const json::Value message = firstOf("message_start", out)["message"];
  EXPECT_TRUE(message["stop_reason"].is_null());
  EXPECT_TRUE(message["content"].empty());
  EXPECT_EQ(json::dump(firstOf("message_delta", out)["delta"]),
            R"({"stop_reason":"end_turn","stop_sequence":null,"stop_details":null,)"
            R"("container":null})");
}

TEST(MessagesStreamTest, TheEndCountsAllTokens) {
  conversation::Usage usage;
  usage.prompt = 7;
  usage.completion = 3;
  const json::Value message = streamedMessage({said("a"), finished()}, usage);
  EXPECT_EQ(message["usage"]["input_tokens"], 7);
  EXPECT_EQ(message["usage"]["output_tokens"], 3);
}

TEST(MessagesStreamTest, AStreamInWhichNothingWasSaidIsStillAMessage) {
  MessageWriter writer(kHead);
  std::string out;
  writer.appendEnd(out, std::nullopt);
  EXPECT_EQ(typesOf(out), "message_start message_delta message_stop");
}

TEST(MessagesStreamTest, AnErrorIsOneEventAtEachStage) {
  const Error error = makeError(ErrorKind::Transient, "No.", "model_overloaded");
  const std::string event =
      "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
      "\"message\":\"No.\"},\"request_id\":\"req_1\"}\n\n";
  MessageWriter writer(kHead);
  std::string out;
  writer.appendError(out, error);
  EXPECT_EQ(out, event);
  writer.appendText(out, TextKind::Said, json::keptNode(R"("a")").text());
  out.clear();
  writer.appendError(out, error);
  EXPECT_EQ(out, event);
}

}  // namespace
}  // namespace rondo::anthropic
