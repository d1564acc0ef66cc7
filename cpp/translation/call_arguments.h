#pragma once

#include <string>
#include <string_view>

namespace rondo::translation {

// Appends a call's arguments as a JSON object for Google, whatever the client made of them: nothing
// is {}, JSON that is no object is wrapped as {"value": …}, and what isn't JSON as {"input": "…"}.
void appendArguments(std::string& out, std::string_view arguments);

// The input of a custom tool, which Google knows as a function of one text, from its arguments.
std::string customInput(std::string_view arguments);

// The reverse, appended: {"input": "…"}.
void appendCustomArguments(std::string& out, std::string_view input);

}  // namespace rondo::translation
