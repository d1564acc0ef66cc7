#pragma once

#include <string>
#include <vector>

#include "base/owned_bytes.h"
#include "gateway/native_call.h"
#include "host/conversation_store.h"

namespace rondo::gateway {

// One of our callers, as its key told the worker.
struct Client {
  std::string name;
  std::vector<std::string> models;  // Globs of the models it may use. Empty: all.
  // Whether it may name content that is stored at Google's.
  enum class Stored { Allowed, Denied } stored = Stored::Allowed;
  // Whether its key has a limit of tokens: then its answers have to tell what they cost.
  enum class Tokens { Free, Metered } tokens = Tokens::Free;
};

// Whether another model may stand in for the one that was asked for (`x-rondo-fallback`).
enum class Fallback { Allowed, Off };

// Whether something is kept for the client between its requests: nowhere, not for one that has no
// key, or so.
enum class Memory { Missing, Denied, On };

// Which page of a list, as the query tells it; each may be empty.
struct PageOfList {
  std::string limit;
  std::string afterId;
  std::string beforeId;
};

// What an operator's call names; each may be empty.
struct OperatorQuery {
  std::string model;
  std::string client;
  std::string status;
  std::string span;
  std::string worker;  // What the worker tells of its own settings, as JSON.
};

// A client's request behind routing.
struct ClientRequest {
  std::string operation;  // "chat_completions"
  std::string id;         // for logs
  std::string modelId;    // The model as the client names it: from the path, or from the body.
  // The credential that is meant, by alias or id. A chat then goes through no other.
  std::string credential;
  std::string contentType;  // Of the body, where the operation has to know it.
  PageOfList page;
  OperatorQuery query;
  Fallback fallback = Fallback::Allowed;
  Memory memory = Memory::Missing;
  host::ConversationStore* store = nullptr;  // The client's, when it has one. Outlives the request.
  Client client;
  // Whole, or of a native call that which it begins with.
  OwnedBytes body;
  NativeCall native;
};

}  // namespace rondo::gateway
