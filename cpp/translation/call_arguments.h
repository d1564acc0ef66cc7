#pragma once

#include <string>
#include <string_view>

namespace rondo::translation {

// A call's arguments as a JSON object for Google, whatever the client made of them: nothing is {},
// JSON that is no object is wrapped as {"value": …}, and what isn't JSON as {"input": "…"}.
std::string repairArguments(std::string_view arguments);

// The input of a custom tool, which Google knows as a function of one text, from its arguments.
std::string customInput(std::string_view arguments);

// The reverse: {"input": "…"}.
std::string customArguments(std::string_view input);

}  // namespace rondo::translation
