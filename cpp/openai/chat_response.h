#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/text.h"
#include "openai/chat_request.h"

// Answers of `POST /v1/chat/completions`, whole and in chunks. Beyond OpenAI's reference, thoughts
// are `reasoning_content`, made images are `images[]`, and Google's thought signatures travel as
// `extra_content.google.thought_signature`, as in Google's own compatibility layer
// (ai.google.dev/gemini-api/docs/openai).

namespace rondo::openai {

enum class FinishReason { Stop, Length, ToolCalls, ContentFilter, FunctionCall };

// A call made by the model. In a stream one delta holds the whole call.
struct CallDelta {
  int index = 0;  // 0, 1, 2 … over the whole choice.
  std::string id;
  std::string name;
  std::string arguments;  // JSON text, or a custom tool's input.
  ToolKind kind = ToolKind::Function;
  std::string signature;
};

struct ImageDelta {
  int index = 0;
  std::string url;  // data: or where it lies
  std::string signature;
};

struct UrlCitation {
  std::int64_t start = 0;  // In Unicode code points of the message's content.
  std::int64_t end = 0;
  std::string url;
  std::string title;
};

struct TokenLogprob {
  std::string token;
  double logprob = 0;
  std::vector<TokenLogprob> top;
};

// What is added to a choice, or, summed up, the message itself.
struct MessageDelta {
  json::TextBuilder content;
  json::TextBuilder reasoning;
  json::TextBuilder refusal;
  std::vector<CallDelta> calls;
  std::vector<ImageDelta> images;
  std::vector<UrlCitation> annotations;
  std::vector<TokenLogprob> logprobs;
  std::string signature;  // Of the text.
};

struct TokenUsage {
  std::int64_t prompt = 0;
  std::int64_t completion = 0;
  std::int64_t total = 0;
  std::int64_t cached = 0;
  std::int64_t reasoning = 0;
  std::int64_t promptAudio = 0;
  std::int64_t completionAudio = 0;
};

// The same in every chunk of one answer.
struct ResponseHead {
  std::string id;            // "chatcmpl-…"
  std::int64_t created = 0;  // Unix seconds.
  std::string model;
};

struct Choice {
  int index = 0;
  MessageDelta message;
  FinishReason finish = FinishReason::Stop;
};

// A `chat.completion`. No `usage` key when Google counted nothing.
std::string completionBody(const ResponseHead& head, const std::vector<Choice>& choices,
                           const std::optional<TokenUsage>& usage, CallStyle style);

// A member of a delta that holds text.
enum class TextField { Content, Reasoning };

// Writes the events of one stream: `data: {…}`, blank line included.
class ChunkWriter {
 public:
  enum class Usage { Omitted, Included };

  ChunkWriter(const ResponseHead& head, Usage usage, CallStyle style);

  // Each appends one event. A choice begins with `appendRole`, and has one `appendFinish`.
  void appendRole(std::string& out, int choice) const;
  void appendDelta(std::string& out, int choice, const MessageDelta& delta) const;
  // The same as `appendDelta` with but this text, of choice 0.
  void appendText(std::string& out, TextField field, const json::Text& text) const;
  void appendFinish(std::string& out, int choice, FinishReason reason) const;
  // The extra last chunk of `include_usage`: no choices. Nothing when usage is omitted.
  void appendUsage(std::string& out, const TokenUsage& usage) const;
  void appendDone(std::string& out) const;

 private:
  // What stands before and after a choice's delta; no `finish` is null.
  void begin(std::string& out, int choice) const;
  void end(std::string& out, std::string_view finish) const;

  std::string head_;  // `data: {"id":…,"object":…,"created":…,"model":…`
  // The same and `,"choices":[{"index":0,"delta":{"content":"`, or `reasoning_content`.
  std::string contentBegin_;
  std::string reasoningBegin_;
  std::string textEnd_;  // `"},"logprobs":…` to the end of the event
  Usage usage_;
  CallStyle style_;
};

}  // namespace rondo::openai
