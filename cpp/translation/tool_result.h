#pragma once

#include <string>
#include <string_view>

#include "conversation/request.h"

namespace rondo::translation {

// The text of a tool's result, each part on a line of its own.
json::TextBuilder toolResultText(const conversation::CallResult& result);

// Appends the same as functionResponse.response, which must be a JSON object: an object is taken as
// it is, anything else becomes {"output": …}, a failure {"error": …}. So does an object that has
// such a member itself: Google would see nothing else of it. A document with a key `$ref`,
// in which Google sees a reference to a medium, stays a text.
void appendToolResponse(std::string& out, const conversation::CallResult& result);

// For a call that the client gave no result of.
void appendMissingToolResponse(std::string& out);

}  // namespace rondo::translation
