#pragma once

#include <string>
#include <string_view>

#include "conversation/request.h"
#include "translation/signature_store.h"

namespace rondo::gateway {

// What stays the same over the turns of a conversation and differs between two: the key that the
// client gave it, its user, else the texts up to the first of the user's.
std::string conversationOf(const conversation::Request& request);

// The id of the credential that made the calls whose results come last, if this isolate remembers
// or the calls' signatures tell: it takes them back for certain, and its cache holds the
// conversation. Or empty.
std::string openLoopCredential(const conversation::Request& request,
                               const translation::ClientSignatures& store);

// The same of the image that the model made last in the conversation: whoever goes on from it sends
// its signature back.
std::string imageMaker(const conversation::Request& request,
                       const translation::ClientSignatures& store);

// What keeps a client's files and caches with one credential, so that one request may name several.
// Empty for a client without a name.
std::string affinityOfFiles(std::string_view client);

}  // namespace rondo::gateway
