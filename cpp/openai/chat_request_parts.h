#pragma once

#include "openai/chat_request.h"
#include "openai/field_reader.h"

// The pieces that parseChatRequest is made of. Each takes what it needs out of the body, reports
// what is wrong, and goes on.

namespace rondo::openai {

// `messages[]`: roles, content, calls and results. One entry may become several Messages, since
// Anthropic's tool_result blocks are Tool messages of their own.
std::vector<Message> readMessages(json::Node messages, const Path& path, Faults& faults);

// A content that is a string or an array of parts.
std::vector<ContentPart> readContent(json::Node content, const Path& path, Faults& faults);

// One part of a kind that `readContent` takes; `type` is its type.
std::optional<ContentPart> readPart(FieldReader& part, std::string_view type, Faults& faults);

// An assistant's `tool_calls` and `function_call`.
std::vector<ToolCall> readToolCalls(FieldReader& message, Faults& faults);

// extra_content.google.thought_signature and the places where other gateways put it.
std::string readSignature(FieldReader& carrier);

// `tools`, `functions`, `tool_choice`, `function_call`, `parallel_tool_calls`.
void readTools(FieldReader& body, ChatRequest& request, Faults& faults);

// `response_format`, `reasoning_effort`, `modalities` and Google's extras.
void readOutputSettings(FieldReader& body, ChatRequest& request, Faults& faults);

}  // namespace rondo::openai
