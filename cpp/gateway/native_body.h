#pragma once

#include <cstddef>

#include "json/document.h"

// What is looked for in the body of a request in Google's own dialect, or in OpenAI's on Google's
// paths, once Google has refused it.

namespace rondo::gateway {

// Whether a body in Google's own dialect asks for tools that Google runs, and not the client.
bool hasHostedTools(const json::Node& body);

// The bytes of what is said and of what tools gave. Media have few tokens for their bytes: in
// `data`, and as addresses that hold them.
std::size_t textBytes(const json::Node& body);

}  // namespace rondo::gateway
