#pragma once

#include <string>
#include <vector>

#include "base/owned_bytes.h"
#include "http/headers.h"

namespace rondo::gateway {

// One of our callers, as its key told the worker.
struct Client {
  std::string name;
  std::vector<std::string> models;  // Globs of the models it may use. Empty: all.
};

// A client's request behind routing.
struct Request {
  std::string operation;  // "chat_completions"
  std::string id;         // for logs
  std::string modelId;    // The model as the client names it: from the path, or from the body.
  http::Headers headers;  // Only those that an operation reads.
  Client client;
  OwnedBytes body;
};

}  // namespace rondo::gateway
