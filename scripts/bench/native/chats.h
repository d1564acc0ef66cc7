#pragma once

#include <string>

// Bodies of chat completion requests, the same in every run.

namespace rondo::bench {

// Two messages and a few settings.
std::string smallChat();

// 1 MB: an agent's 400 messages, calls and their results among them, and 20 tools.
std::string longChat();

// A question about an image of 8 MB in base64.
std::string imageChat();

}  // namespace rondo::bench
