#include "openai/responses_stream.h"

#include <gtest/gtest.h>

#include "native/openai/write_responses.h"

namespace rondo::openai {
namespace {

using conversation::Citation;
using conversation::FinishReason;
using conversation::Signature;
using conversation::TextKind;
using conversation::TextPiece;
using conversation::ThoughtPiece;
using conversation::TokenScore;
using conversation::WebSearch;
using Types = std::vector<std::string>;

// The data of each event, whose line of the type is held against it.
std::vector<json::Value> eventsIn(const std::string& out) {
  std::vector<json::Value> events;
  std::size_t at = 0;
  while (at < out.size()) {
    const std::size_t end = out.find("\n\n", at);
    const std::size_t line = out.find('\n', at);
    events.push_back(parsed(std::string_view(out).substr(line + 7, end - line - 7)));
    EXPECT_EQ(out.substr(at, line - at), "event: " + events.back()["type"].get<std::string>());
    at = end + 2;
  }
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i]["sequence_number"], i);
  return events;
}

Types typesIn(const std::vector<json::Value>& events) {
  Types types;
  for (const auto& event : events) types.push_back(event["type"].get<std::string>());
  return types;
}

std::vector<json::Value> streamOf(Events events, const ResponsesStyle& style = fullStyle()) {
  ResponsesStream stream(kHead, style);
  std::string out;
  stream.append(out, std::move(events));
  stream.appendEnd(out, std::nullopt);
  return eventsIn(out);
}

// Whether a stream is full after so many bytes of each kind.
bool isFullAfter(TextKind kind, std::size_t bytes) {
  const ResponsesStyle style = fullStyle();
  ResponsesStream stream(kHead, style);
  const json::TextBuilder text(std::string(1024, 'x'));
  std::string out;
  for (std::size_t told = 0; told < bytes; told += 1024) {
    out.clear();
    stream.appendText(out, kind, text.view());
  }
  return stream.isFull();
}

TEST(ResponsesStreamTest, AStreamIsFullAfterFourMegabytesOfText) {
  constexpr std::size_t kMost = 4 * 1024 * 1024;
  for (const TextKind kind : {TextKind::Said, TextKind::Thought}) {
    EXPECT_FALSE(isFullAfter(kind, kMost));
    EXPECT_TRUE(isFullAfter(kind, kMost + 1024));
  }
}

conversation::Call callOf(std::string arguments) {
  conversation::Call call;
  call.name = "f";
  call.arguments = std::move(arguments);
  return call;
}

TEST(ResponsesStreamTest, CallsCodeAndImagesFillAStreamToo) {
  const ResponsesStyle style = fullStyle();
  const std::string large(4 * 1024 * 1024 + 1, 'x');
  const auto isFullBy = [&style](auto what) {
    ResponsesStream stream(kHead, style);
    std::string out;
    Events events;
    events.push_back({0, std::move(what)});
    stream.append(out, std::move(events));
    return stream.isFull();
  };
  EXPECT_TRUE(isFullBy(callOf(large)));
  EXPECT_TRUE(isFullBy(conversation::CodeRun{{}, large}));
  EXPECT_TRUE(isFullBy(conversation::CodeOutput{large}));
  EXPECT_TRUE(isFullBy(conversation::HostedPart{large}));
  EXPECT_FALSE(isFullBy(conversation::Image{large, {}}));
  EXPECT_TRUE(isFullBy(conversation::Image{std::string(16 * 1024 * 1024 + 1, 'x'), {}}));
}

TEST(ResponsesStreamTest, AMessageIsToldStepByStep) {
  const ResponsesStyle style = fullStyle();
  ResponsesStream stream(kHead, style);
  std::string out;
  const json::TextBuilder first("a\"");
  const json::TextBuilder second("b");
  stream.appendText(out, TextKind::Said, first.view());
  stream.appendText(out, TextKind::Said, second.view());
  stream.append(out, {finish()});
  stream.appendEnd(out, std::nullopt);
  const auto events = eventsIn(out);
  EXPECT_EQ(typesIn(events), (Types{"response.created", "response.in_progress",
                                    "response.output_item.added", "response.content_part.added",
                                    "response.output_text.delta", "response.output_text.delta",
                                    "response.output_text.done", "response.content_part.done",
                                    "response.output_item.done", "response.completed"}));
  EXPECT_EQ(events[0]["response"]["status"], "in_progress");
  EXPECT_EQ(json::dump(events[2]["item"]),
            R"({"id":"msg_s_0","type":"message","status":"in_progress","role":"assistant",)"
            R"("content":[]})");
  EXPECT_EQ(json::dump(events[4]),
            R"({"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_s_0",)"
            R"("output_index":0,"content_index":0,"delta":"a\"","logprobs":[]})");
  EXPECT_EQ(events[3]["part"]["text"], "");
  EXPECT_EQ(events[6]["text"], "a\"b");
  EXPECT_EQ(events[9]["response"]["output"][0], events[8]["item"]);
}

TEST(ResponsesStreamTest, ThoughtsAreASummary) {
  const auto events = streamOf({{0, ThoughtPiece{"x"}}, {0, ThoughtPiece{"y"}}, finish()});
  EXPECT_EQ(typesIn(events),
            (Types{"response.created", "response.in_progress", "response.output_item.added",
                   "response.reasoning_summary_part.added", "response.reasoning_summary_text.delta",
                   "response.reasoning_summary_text.delta", "response.reasoning_summary_text.done",
                   "response.reasoning_summary_part.done", "response.output_item.done",
                   "response.completed"}));
  EXPECT_EQ(json::dump(events[3]["part"]), R"({"type":"summary_text","text":""})");
  EXPECT_EQ(json::dump(events[4]),
            R"({"type":"response.reasoning_summary_text.delta","sequence_number":4,)"
            R"("item_id":"rs_s_0","output_index":0,"summary_index":0,"delta":"x"})");
  EXPECT_EQ(events[6]["text"], "xy");
}

TEST(ResponsesStreamTest, ATextByItselfIsTheSameAsAnEventWithIt) {
  for (const TextKind kind : {TextKind::Said, TextKind::Thought}) {
    const ResponsesStyle style = fullStyle();
    ResponsesStream one(kHead, style);
    ResponsesStream other(kHead, style);
    std::string outOfOne;
    std::string outOfOther;
    for (int i = 0; i < 2; ++i) {
      const json::TextBuilder text("a\"b");
      one.appendText(outOfOne, kind, text.view());
      Events events;
      if (kind == TextKind::Said) {
        events.push_back({0, TextPiece{text}});
      } else {
        events.push_back({0, ThoughtPiece{text}});
      }
      other.append(outOfOther, std::move(events));
    }
    EXPECT_EQ(outOfOne, outOfOther);
  }
}

TEST(ResponsesStreamTest, ACallHasItsArgumentsInEventsOfItsOwn) {
  const auto events = streamOf({call("1", "f", "", R"({"a":1})"), finish(FinishReason::Calls)});
  EXPECT_EQ(
      typesIn(events),
      (Types{"response.created", "response.in_progress", "response.output_item.added",
             "response.function_call_arguments.delta", "response.function_call_arguments.done",
             "response.output_item.done", "response.completed"}));
  EXPECT_EQ(events[2]["item"]["arguments"], "");
  EXPECT_EQ(events[3]["delta"], R"({"a":1})");
  EXPECT_EQ(events[4]["name"], "f");
  EXPECT_EQ(events[4]["arguments"], R"({"a":1})");
  EXPECT_EQ(events[5]["item"]["arguments"], R"({"a":1})");
}

// The events of one item, from its beginning to its end.
std::vector<json::Value> eventsOfItem(conversation::Event event,
                                      const ResponsesStyle& style = fullStyle()) {
  Events made;
  made.push_back(std::move(event));
  auto events = streamOf(std::move(made), style);
  EXPECT_GT(events.size(), 3U);
  return {events.begin() + 2, events.end() - 1};
}

TEST(ResponsesStreamTest, ACustomCallHasItsInputInEventsOfItsOwn) {
  ResponsesStyle style = fullStyle();
  style.tools.nameOf({CallItem::Custom, "", "g"});
  const auto events = eventsOfItem(call("1", "g", "", "free"), style);
  EXPECT_EQ(typesIn(events),
            (Types{"response.output_item.added", "response.custom_tool_call_input.delta",
                   "response.custom_tool_call_input.done", "response.output_item.done"}));
  EXPECT_EQ(events[0]["item"]["input"], "");
  EXPECT_EQ(events[1]["delta"], "free");
  EXPECT_EQ(events[2]["input"], "free");
}

TEST(ResponsesStreamTest, ASearchIsToldStepByStep) {
  EXPECT_EQ(typesIn(eventsOfItem({0, WebSearch{{"q"}, {}}})),
            (Types{"response.output_item.added", "response.web_search_call.in_progress",
                   "response.web_search_call.searching", "response.web_search_call.completed",
                   "response.output_item.done"}));
}

TEST(ResponsesStreamTest, CodeIsToldStepByStep) {
  const auto events = eventsOfItem({0, conversation::CodeRun{"python", "1+1"}});
  EXPECT_EQ(typesIn(events),
            (Types{"response.output_item.added", "response.code_interpreter_call.in_progress",
                   "response.code_interpreter_call_code.delta",
                   "response.code_interpreter_call_code.done",
                   "response.code_interpreter_call.interpreting",
                   "response.code_interpreter_call.completed", "response.output_item.done"}));
  EXPECT_EQ(events[0]["item"]["code"], "");
  EXPECT_EQ(events[2]["delta"], "1+1");
  EXPECT_EQ(events[3]["code"], "1+1");
}

TEST(ResponsesStreamTest, AnImageIsToldStepByStep) {
  const auto events = eventsOfItem({0, conversation::Image{"data:image/png;base64,AAAA", {}}});
  EXPECT_EQ(typesIn(events),
            (Types{"response.output_item.added", "response.image_generation_call.in_progress",
                   "response.image_generation_call.generating",
                   "response.image_generation_call.completed", "response.output_item.done"}));
  EXPECT_TRUE(events[0]["item"]["result"].is_null());
  EXPECT_EQ(events[4]["item"]["result"], "AAAA");
}

TEST(ResponsesStreamTest, TextBehindASearchIsAMessageOfItsOwnOnTheShortWayToo) {
  const ResponsesStyle style = fullStyle();
  ResponsesStream stream(kHead, style);
  std::string out;
  stream.append(out, {{0, TextPiece{"a"}}, {0, WebSearch{{"q"}, {}}}});
  const json::TextBuilder text("b");
  stream.appendText(out, TextKind::Said, text.view());
  stream.appendEnd(out, std::nullopt);
  EXPECT_EQ(typesOf(eventsIn(out).back()["response"]),
            (Types{"message", "web_search_call", "message"}));
}

TEST(ResponsesStreamTest, CitationsOfAMessageThatIsOverAreToldLate) {
  const auto events = streamOf({{0, TextPiece{"a"}},
                                {0, ThoughtPiece{"x"}},
                                {0, TextPiece{"b"}},
                                {0, WebSearch{{"q"}, {}}},
                                {0, Citation{0, 1, "https://a", "A"}},
                                {0, Citation{1, 2, "https://b", "B"}},
                                finish()});
  std::vector<int> items;
  for (const auto& event : events) {
    if (event["type"] != "response.output_text.annotation.added") continue;
    items.push_back(event["output_index"].get<int>());
    EXPECT_EQ(event["annotation_index"], 0);
    EXPECT_EQ(event["annotation"]["start_index"], 0);
  }
  EXPECT_EQ(items, (std::vector<int>{0, 2}));
  const auto& response = events.back()["response"];
  EXPECT_EQ(typesOf(response), (Types{"message", "reasoning", "message", "web_search_call"}));
  EXPECT_EQ(response["output"][0]["content"][0]["annotations"][0]["url"], "https://a");
}

TEST(ResponsesStreamTest, ScoresComeWithTheTextTheyAreOf) {
  const auto events = streamOf({{0, TextPiece{"a"}}, {0, TokenScore{"a", -0.5, {}}}, finish()});
  EXPECT_EQ(events[4]["delta"], "a");
  EXPECT_EQ(events[4]["logprobs"][0]["token"], "a");
  EXPECT_EQ(events[5]["logprobs"].size(), 1U);
}

TEST(ResponsesStreamTest, ACutAnswerEndsIncomplete) {
  const auto events = streamOf({{0, TextPiece{"a"}}, finish(FinishReason::Length)});
  EXPECT_EQ(events.back()["type"], "response.incomplete");
}

TEST(ResponsesStreamTest, ARefusalHasEventsOfItsOwn) {
  const auto events = streamOf({finish(FinishReason::Filtered)});
  EXPECT_EQ(
      typesIn(events),
      (Types{"response.created", "response.in_progress", "response.output_item.added",
             "response.content_part.added", "response.refusal.delta", "response.refusal.done",
             "response.content_part.done", "response.output_item.done", "response.incomplete"}));
  EXPECT_EQ(events[3]["part"]["refusal"], "");
  EXPECT_EQ(events[4]["delta"], events[5]["refusal"]);
  EXPECT_EQ(events[6]["part"]["refusal"], events[5]["refusal"]);
}

json::Value failureOf(const Error& error, Events before = {}) {
  const ResponsesStyle style = fullStyle();
  ResponsesStream stream(kHead, style);
  std::string out;
  if (!before.empty()) stream.append(out, std::move(before));
  stream.appendError(out, error);
  const auto events = eventsIn(out);
  EXPECT_EQ(events[0]["type"], "response.created");
  EXPECT_EQ(events.back()["type"], "response.failed");
  return events.back()["response"];
}

TEST(ResponsesStreamTest, AFailureBeforeAnythingWasSaidIsAWholeStream) {
  const auto response = failureOf(makeError(ErrorKind::Transient, "Gone."));
  EXPECT_EQ(response["status"], "failed");
  EXPECT_EQ(json::dump(response["error"]), R"({"code":"server_error","message":"Gone."})");
  EXPECT_TRUE(response["output"].empty());
  EXPECT_EQ(response["store"], false);
}

TEST(ResponsesStreamTest, AFailureKeepsWhatWasSaid) {
  const auto response =
      failureOf(makeError(ErrorKind::Broken, "Odd."), {call("1", "f", "sig"), {0, TextPiece{"a"}}});
  EXPECT_EQ(typesOf(response), (Types{"reasoning", "function_call", "message"}));
  EXPECT_EQ(response["output"][1]["status"], "completed");
  EXPECT_EQ(response["output"][2]["status"], "incomplete");
  EXPECT_EQ(response["output"][2]["content"][0]["text"], "a");
}

TEST(ResponsesStreamTest, FailuresHaveTheWordsThatClientsKnow) {
  const auto codeOf = [](ErrorKind kind, std::string code = {}) {
    return failureOf(makeError(kind, "x", std::move(code)))["error"]["code"].get<std::string>();
  };
  EXPECT_EQ(codeOf(ErrorKind::RateLimited), "rate_limit_exceeded");
  EXPECT_EQ(codeOf(ErrorKind::RateLimited, "insufficient_quota"), "insufficient_quota");
  EXPECT_EQ(codeOf(ErrorKind::BadRequest), "invalid_prompt");
  EXPECT_EQ(codeOf(ErrorKind::BadRequest, "context_length_exceeded"), "context_length_exceeded");
  EXPECT_EQ(codeOf(ErrorKind::Forbidden), "invalid_prompt");
  EXPECT_EQ(codeOf(ErrorKind::NotFound), "invalid_prompt");
  EXPECT_EQ(codeOf(ErrorKind::TimedOut), "server_error");
}

TEST(ResponsesStreamTest, ALimitTellsWhenToComeAgain) {
  Error error = makeError(ErrorKind::RateLimited, "Slow.");
  error.retryAfter = Millis(1200);
  EXPECT_EQ(failureOf(error)["error"]["message"], "Slow. Please try again in 2s.");
}

}  // namespace
}  // namespace rondo::openai
