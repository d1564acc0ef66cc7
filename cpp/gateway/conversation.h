#pragma once

#include <string>

#include "openai/chat_request.h"
#include "translation/signature_store.h"

namespace rondo::gateway {

// What stays the same over the turns of a conversation and differs between two: the client's
// `prompt_cache_key`, its `user`, else the texts up to the first of the user's.
std::string conversationOf(const openai::ChatRequest& request);

// The id of the credential that made the calls whose results come last, if this isolate remembers:
// their signatures are good for it alone, and its cache holds the conversation. Or empty.
std::string openLoopCredential(const openai::ChatRequest& request,
                               const translation::SignatureStore& store);

}  // namespace rondo::gateway
