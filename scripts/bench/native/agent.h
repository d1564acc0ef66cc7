#pragma once

#include <string>

// An agent's history in each dialect, the same in every run: 1 MB, 400 messages, 100 calls with
// 1.7 KB of arguments each, 100 results of 2.7 KB that are JSON and full of code, 20 tools.

namespace rondo::bench {

std::string agentChat();
std::string agentResponses();
std::string agentMessages();

}  // namespace rondo::bench
