#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "anthropic/messages_response.h"
#include "conversation/signature.h"
#include "json/value.h"

// What answers say, in either way to tell them.

namespace rondo::anthropic {

inline const conversation::AnswerHead kHead{
    "1", 1764000000, "gemini-3.8-flash", {"service_account", "gemini-3"}, "req_1"};

using Events = std::vector<conversation::Event>;

template <class What>
conversation::Event event(What what) {
  return {0, std::move(what)};
}

inline conversation::Event said(const char* text) { return event(conversation::TextPiece{text}); }
inline conversation::Event thought(const char* text) {
  return event(conversation::ThoughtPiece{text});
}
inline conversation::Event called(std::string id, std::string signature = {},
                                  std::string arguments = "{}") {
  return event(conversation::Call{std::move(id), "f", std::move(arguments),
                                  conversation::ToolKind::Function,
                                  conversation::ThoughtSignature(std::move(signature))});
}
inline conversation::Event finished(
    conversation::FinishReason reason = conversation::FinishReason::Stop) {
  return event(conversation::Finish{reason});
}

inline json::Value wholeMessage(Events events,
                                std::optional<conversation::Usage> usage = std::nullopt) {
  auto message = json::parse(messageBody(kHead, {std::move(events), usage}));
  EXPECT_TRUE(message);
  return message ? std::move(*message) : json::Value();
}

// The data of each event of a stream. Each has its name.
inline std::vector<json::Value> eventsIn(std::string_view stream) {
  std::vector<json::Value> events;
  while (!stream.empty()) {
    const std::size_t end = stream.find("\n\n");
    const std::string_view text = stream.substr(0, end);
    stream.remove_prefix(end == stream.npos ? stream.size() : end + 2);
    const std::size_t line = text.find("\ndata: ");
    EXPECT_TRUE(text.starts_with("event: ") && line != text.npos) << text;
    auto data = json::parse(text.substr(line + 7));
    EXPECT_TRUE(data) << text;
    if (!data) break;
    EXPECT_EQ(text.substr(7, line - 7), json::findString(*data, "type")) << text;
    events.push_back(std::move(*data));
  }
  return events;
}

// Puts the events of a stream together, as Anthropic's clients do.
class Accumulator {
 public:
  void add(const json::Value& event) {
    const std::string type(json::findString(event, "type").value_or(""));
    if (type == "message_start") {
      EXPECT_TRUE(message_.is_null());
      message_ = event["message"];
    } else if (type == "content_block_start") {
      EXPECT_FALSE(isOpen_);
      EXPECT_EQ(event["index"], message_["content"].size());
      isOpen_ = true;
      isSigned_ = false;
      input_.clear();
      message_["content"].push_back(event["content_block"]);
    } else if (type == "content_block_delta") {
      addDelta(event);
    } else if (type == "content_block_stop") {
      EXPECT_TRUE(isOpen_ && event["index"] == message_["content"].size() - 1);
      isOpen_ = false;
      if (!input_.empty()) message_["content"].back()["input"] = *json::parse(input_);
    } else if (type == "message_delta") {
      EXPECT_FALSE(isOpen_);
      message_.update(event["delta"]);
      message_["usage"].update(event["usage"]);
    } else {
      EXPECT_EQ(type, "message_stop");
      isOver_ = true;
    }
  }

  json::Value finish() {
    EXPECT_TRUE(isOver_);
    return std::move(message_);
  }

 private:
  void addDelta(const json::Value& event) {
    EXPECT_TRUE(isOpen_ && !isSigned_ && event["index"] == message_["content"].size() - 1);
    json::Value& block = message_["content"].back();
    const json::Value& delta = event["delta"];
    const auto type = json::findString(delta, "type");
    if (type == "text_delta") {
      append(block["text"], delta["text"]);
    } else if (type == "thinking_delta") {
      append(block["thinking"], delta["thinking"]);
    } else if (type == "input_json_delta") {
      input_ += *json::asString(delta["partial_json"]);
    } else if (type == "citations_delta") {
      if (block["citations"].is_null()) block["citations"] = json::Value::array();
      block["citations"].push_back(delta["citation"]);
    } else {
      EXPECT_EQ(type, "signature_delta");
      isSigned_ = true;
      block["signature"] = delta["signature"];
    }
  }

  static void append(json::Value& text, const json::Value& more) {
    text = std::string(*json::asString(text)).append(*json::asString(more));
  }

  json::Value message_;
  std::string input_;
  bool isOpen_ = false;
  bool isSigned_ = false;
  bool isOver_ = false;
};

// A stream of such events, each of which came alone, as the message that it makes.
inline json::Value streamedMessage(Events events,
                                   const std::optional<conversation::Usage>& usage = std::nullopt) {
  MessageWriter writer(kHead);
  std::string stream;
  for (auto& each : events) {
    Events alone;
    alone.push_back(std::move(each));
    writer.append(stream, std::move(alone));
  }
  writer.appendEnd(stream, usage);
  Accumulator accumulator;
  for (const auto& each : eventsIn(stream)) accumulator.add(each);
  return accumulator.finish();
}

inline std::string sealed(conversation::Carried what, std::string value, std::string callId = {}) {
  return conversation::seal({what, kHead.origin, std::move(callId), std::move(value)});
}

}  // namespace rondo::anthropic
