#pragma once

#include <string>
#include <vector>

#include "base/owned_bytes.h"

namespace rondo::gateway {

// One of our callers, as its key told the worker.
struct Client {
  std::string name;
  std::vector<std::string> models;  // Globs of the models it may use. Empty: all.
  // Whether it may name content that is stored at Google's.
  enum class Stored { Allowed, Denied } stored = Stored::Allowed;
};

// Whether another model may stand in for the one that was asked for (`x-rondo-fallback`).
enum class Fallback { Allowed, Off };

// Which page of a list, as the query tells it; each may be empty.
struct PageOfList {
  std::string limit;
  std::string afterId;
  std::string beforeId;
};

// A client's request behind routing.
struct ClientRequest {
  std::string operation;   // "chat_completions"
  std::string id;          // for logs
  std::string modelId;     // The model as the client names it: from the path, or from the body.
  std::string credential;  // The credential that is meant, by alias or id: from the path.
  PageOfList page;
  Fallback fallback = Fallback::Allowed;
  Client client;
  OwnedBytes body;
};

}  // namespace rondo::gateway
