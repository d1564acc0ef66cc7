#pragma once

#include <string>
#include <string_view>

namespace rondo::conversation {

// Code, or what came of it, as a Markdown block: lines of their own, whose fence is longer than any
// run of backticks inside.
std::string fenced(std::string_view label, std::string_view body);

}  // namespace rondo::conversation
