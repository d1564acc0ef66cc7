#pragma once

#include <string>
#include <string_view>

// Bodies of chat completion requests, the same in every run.

namespace rondo::bench {

// What `item` makes of 0 to `count` - 1, with commas between.
std::string joined(std::string (*item)(int), int count);

// The members of a tool's declaration, "read_7", with its schema under `schemaKey`.
std::string toolDeclaration(int index, std::string_view schemaKey);

// Two messages and a few settings.
std::string smallChat();

// 1 MB: an agent's 400 messages, calls and their results among them, and 20 tools.
std::string longChat();

// A question about an image of 8 MB in base64.
std::string imageChat();

}  // namespace rondo::bench
