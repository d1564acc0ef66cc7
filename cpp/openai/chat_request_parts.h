#pragma once

#include <vector>

#include "openai/chat_request.h"
#include "openai/request_parts.h"

// The pieces that parseChatRequest is made of. Each takes what it needs out of the body, reports
// what is wrong, and goes on.

namespace rondo::openai {

// `messages[]`: roles, content, calls and results. One entry may become several turns, since
// Anthropic's tool_result blocks are told before what else it says.
void readMessages(json::Node messages, const Path& path, conversation::Request& request,
                  Faults& faults);

// An assistant's `tool_calls` and `function_call`.
std::vector<conversation::CallPart> readToolCalls(FieldReader& message,
                                                  conversation::Request& request, Faults& faults);

// `tools`, `functions`, `tool_choice`, `function_call`, `parallel_tool_calls`.
void readTools(FieldReader& body, ChatRequest& chat, Faults& faults);

// `response_format`, `reasoning_effort`, `modalities`, `audio` and Google's extras.
void readOutputSettings(FieldReader& body, ChatRequest& chat, Faults& faults);

}  // namespace rondo::openai
