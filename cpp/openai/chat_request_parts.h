#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/field_reader.h"
#include "openai/chat_request.h"

// The pieces that parseChatRequest is made of. Each takes what it needs out of the body, reports
// what is wrong, and goes on.

namespace rondo::openai {

using conversation::Faults;
using conversation::FieldReader;
using conversation::Path;

// `messages[]`: roles, content, calls and results. One entry may become several turns, since
// Anthropic's tool_result blocks are told before what else it says.
std::vector<conversation::Turn> readMessages(json::Node messages, const Path& path, Faults& faults);

// A content that is a string or an array of parts.
std::vector<conversation::Content> readContent(json::Node content, const Path& path,
                                               Faults& faults);

// One part of a kind that `readContent` takes; `type` is its type.
std::optional<conversation::Content> readPart(FieldReader& part, std::string_view type,
                                              Faults& faults);

// An assistant's `tool_calls` and `function_call`.
std::vector<conversation::Call> readToolCalls(FieldReader& message, Faults& faults);

// extra_content.google.thought_signature and the places where other gateways put it.
std::string readSignature(FieldReader& carrier);

// `tools`, `functions`, `tool_choice`, `function_call`, `parallel_tool_calls`.
void readTools(FieldReader& body, ChatRequest& chat, Faults& faults);

// `response_format`, `reasoning_effort`, `modalities` and Google's extras.
void readOutputSettings(FieldReader& body, ChatRequest& chat, Faults& faults);

}  // namespace rondo::openai
