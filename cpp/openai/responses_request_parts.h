#pragma once

#include "openai/request_parts.h"
#include "openai/responses_request.h"

// The pieces that parseResponsesRequest is made of. Each takes what it needs out of the body,
// reports what is wrong, and goes on.

namespace rondo::openai {

// `instructions`, the items of earlier turns, and `input`. Tools that items bring are added to
// those of the request.
void readInput(FieldReader& body, ResponsesRequest& responses, Faults& faults);

// `items`, which a conversation is to take.
void readNewItems(FieldReader& body, ResponsesRequest& responses, Faults& faults);

// A list of tools, at `key` of the body or of an item: the names under which a model gets them, in
// order. What is declared already isn't declared again.
std::vector<std::string> readToolList(FieldReader& holder, std::string_view key,
                                      ResponsesRequest& responses, Faults& faults);

// `tool_choice` and `parallel_tool_calls`, when all tools are known.
void readToolUse(FieldReader& body, ResponsesRequest& responses, Faults& faults);

// How to answer: sampling, reasoning, `text`, `include`, keys of the client.
void readResponsesSettings(FieldReader& body, ResponsesRequest& responses, Faults& faults);

// The members of a response that repeat its request, and whether it is stored.
std::string echoOf(FieldReader& body, Storing storing);

}  // namespace rondo::openai
