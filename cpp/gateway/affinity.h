#pragma once

#include <string>

#include "conversation/request.h"
#include "credentials/credential_manager.h"
#include "gateway/question.h"
#include "translation/signature_store.h"

namespace rondo::gateway {

// What stays the same over the turns of a conversation and differs between two: the key that the
// client gave it, its user, else the texts up to the first of the user's.
std::string conversationOf(const conversation::Request& request);

// The id of the credential that made the calls whose results come last, if this isolate remembers
// or the calls' signatures tell: it takes them back for certain, and its cache holds the
// conversation. Or empty.
std::string openLoopCredential(const conversation::Request& request,
                               const translation::SignatureStore& store);

// The same of the image that the model made last in the conversation: whoever goes on from it sends
// its signature back.
std::string imageMaker(const conversation::Request& request,
                       const translation::SignatureStore& store);

// The id of the credential that goes best with `key` among those through which the question can go:
// the same for the same key, as long as the pool is the same. Empty when there is none.
std::string favoured(const credentials::CredentialManager& pool, std::string_view key,
                     const Question& question);

// The one with which a client's files and caches best lie. Empty for a client without a name.
std::string favouredForFiles(const credentials::CredentialManager& pool, std::string_view client,
                             const Question& question);

}  // namespace rondo::gateway
