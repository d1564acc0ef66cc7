#pragma once

#include <string>
#include <string_view>

#include "openai/chat_request.h"

namespace rondo::translation {

// The text of a tool's result, its parts joined.
json::TextBuilder toolResultText(const openai::Message& result);

// Appends the same as functionResponse.response, which must be a JSON object: an object is taken as
// it is, anything else becomes {"output": …}, a failure {"error": …}.
void appendToolResponse(std::string& out, const openai::Message& result);

// For a call that the client gave no result of.
void appendMissingToolResponse(std::string& out);

// The id by which Google knows a call, from the one that the client knows; empty when Google knows
// none, since the id was made by Rondo or by OpenAI.
std::string_view googleCallId(std::string_view id);

}  // namespace rondo::translation
