#pragma once

#include <string>
#include <string_view>

#include "base/task.h"
#include "gateway/attempt.h"
#include "gateway/context_caches.h"
#include "gateway/services.h"

// Explicit context caches of Google's, made and used for conversations that go on
// (CONTEXT_CACHE=auto; ai.google.dev/gemini-api/docs/caching). A cache is made behind an answer,
// lives for five minutes and is the affair of one client, one credential and one model. None is
// ever worth a failed request: what Google refuses is asked again without.

namespace rondo::gateway {

// The credential that holds the conversation's cache, or whose answers would make one: its id, or
// empty.
std::string cacheKeeper(const Exchange& exchange, std::string_view conversation);

// Has `body`, a generateContent body for the attempt, refer to a cache where there is one for how
// it begins, and notes in `exchange.cache` what is to be done behind the answer.
void useCache(Exchange& exchange, const Attempt& attempt, const std::string& model,
              std::string conversation, MadeBody& body);

// The refusal as it is, or, where the body referred to a cache that may be the reason, one that is
// mended by going without. That cache is then not used again.
google::Refusal withoutCache(Exchange& exchange, google::Refusal refusal);

// For `x-rondo-cache`: "used", "making", both, or empty.
std::string_view cacheWord(const CacheWork& work);

// Behind an answer: remembers how the request began, and makes the cache that it asks for.
Task<void> tendCache(Exchange& exchange);

}  // namespace rondo::gateway
