#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conversation/answer.h"
#include "json/writer.h"
#include "openai/chat_request.h"

// What chunks and whole messages write alike.

namespace rondo::openai {

// What is added to a choice, or, summed up, the message itself: of each kind, what was said.
struct MessageDelta {
  json::TextBuilder content;
  json::TextBuilder reasoning;
  std::vector<conversation::Call> calls;
  std::vector<conversation::Image> images;
  std::vector<conversation::Sound> sounds;
  std::vector<conversation::Citation> annotations;
  std::vector<conversation::TokenScore> logprobs;
  std::string signature;  // Of the text.

  // Any event but a Finish, which says nothing.
  void add(conversation::Event event);
};

std::string_view finishWord(conversation::FinishReason reason, CallStyle style);

// `tool_calls`, or `function_call` in the older style. Nothing when there are none. Those of a
// stream carry an index, the first of them `firstIndex`; those of a whole message don't.
void writeCalls(json::Writer& writer, const std::vector<conversation::Call>& calls, CallStyle style,
                std::optional<int> firstIndex);

// `reasoning_content`, `images` with indices from `firstImage` on, `annotations` and the signature.
void writeExtras(json::Writer& writer, const MessageDelta& message, int firstImage);

// An array of scores with their alternatives.
void writeScores(json::Writer& writer, const std::vector<conversation::TokenScore>& tokens);

// `logprobs`: an object, or null.
void writeLogprobs(json::Writer& writer, const std::vector<conversation::TokenScore>& tokens);

// The value of `usage`.
void writeUsage(json::Writer& writer, const conversation::Usage& usage);

}  // namespace rondo::openai
