#pragma once

#include <string>
#include <string_view>

#include "conversation/request.h"

namespace rondo::translation {

// Appends a call's arguments as a JSON object for Google, whatever the client made of them: nothing
// is {}, JSON that is no object is wrapped as {"value": …}, and what isn't JSON as {"input": "…"}.
void appendArguments(std::string& out, const conversation::Arguments& arguments);

// The same for a custom tool, which Google knows as a function of one text: {"input": "…"}.
void appendCustomArguments(std::string& out, const conversation::Arguments& input);

// The reverse: the input from arguments that Google has told.
std::string customInput(std::string_view arguments);

}  // namespace rondo::translation
