#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "conversation/request.h"

// The body of `POST /v1/chat/completions`. Field names and types are those of OpenAI's API
// reference (platform.openai.com/docs/api-reference/chat); what other clients of the same endpoint
// are known to add is named where it is read.

namespace rondo::openai {

// How the client wants to see calls: `tools` or the older `functions`.
enum class CallStyle { Tools, Functions };

// stream_options.include_usage
enum class StreamUsage { Omitted, Included };

// How the sound of an answer is told: as a file, or as bare samples (of 16 bits, in a stream too).
enum class ChatSound { None, Wav, Pcm16 };

// What concerns the shape of the answer alone, and the client's own names.
struct ChatStyle {
  CallStyle calls = CallStyle::Tools;
  StreamUsage usage = StreamUsage::Omitted;
  std::string_view maxTokens = "max_tokens";  // The field that it came in.
  std::string_view thinking = "reasoning_effort";
  ChatSound sound = ChatSound::None;
  // Gets the completion of a stream that came to its end, unless it is null.
  std::string* kept = nullptr;
};

struct ChatRequest {
  conversation::Request request;
  ChatStyle style;
};

// Reads the body of a request. The texts of its messages and its media are borrowed from `body`,
// which must outlive the request. An absent field and null are the same; unknown fields are
// ignored. BadRequest, with the path of the field as `param`, for whatever OpenAI would refuse by
// type or by value: no JSON, no object, no `model`, no or empty `messages`, an unknown role, a
// wrong type.
Result<ChatRequest> parseChatRequest(std::string_view body);

}  // namespace rondo::openai
