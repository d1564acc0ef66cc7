#pragma once

#include <string_view>

#include "json/writer.h"
#include "openai/chat_response.h"

// What chunks and whole messages write alike.

namespace rondo::openai {

// Calls in a stream carry their index, those of a whole message don't.
enum class CallIndex { Omitted, Written };

std::string_view finishWord(FinishReason reason);

// `tool_calls`, or `function_call` in the older style. Nothing when there are none.
void writeCalls(json::Writer& writer, const std::vector<CallDelta>& calls, CallStyle style,
                CallIndex index);

// `reasoning_content`, `refusal` when there is one, `images`, `annotations` and the signature.
void writeExtras(json::Writer& writer, const MessageDelta& message);

// `logprobs`: an object, or null.
void writeLogprobs(json::Writer& writer, const std::vector<TokenLogprob>& tokens);

// The value of `usage`.
void writeUsage(json::Writer& writer, const TokenUsage& usage);

}  // namespace rondo::openai
