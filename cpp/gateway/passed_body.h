#pragma once

#include "json/document.h"

// What is told of a chat completion that Google's own endpoint for OpenAI's clients reads. Its
// extras stand in `google`, or where SDKs put them, in `extra_body.google`
// (https://ai.google.dev/gemini-api/docs/openai#extra-body).

namespace rondo::gateway {

// Whether it asks for tools that Google runs. Of tools that nobody knows yet it is supposed.
bool asksForHostedTools(const json::Node& chat);

// Whether it goes on from a cache.
bool namesCache(const json::Node& chat);

}  // namespace rondo::gateway
