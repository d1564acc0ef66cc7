#pragma once

#include <algorithm>

#include "base/time.h"
#include "host/credential_store.h"

namespace rondo::auth {

// The isolate that made a token renews it so long before its expiry, whatever the store.
inline constexpr Millis kMakersLead = std::chrono::minutes(6);

// The same of a token that lasts no longer than some such times.
constexpr Millis leadFor(Millis lead, Millis lifetime) { return std::min(lead, lifetime / 6); }

// Who renews a token that is in use ahead of its expiry, and when, by what the store can do that
// isolates share tokens through.
struct RenewalPolicy {
  // So long before the expiry the isolate that made the token begins, and the others.
  Millis makersLead;
  Millis othersLead;
  // A token in the store takes our token's place when it ends no sooner than this before ours. More
  // than none, where two isolates may have made one each: what lies there decides whose all use.
  Millis mayEndSooner;
  // Of the others that find no new one, with so much left of theirs, one in so many makes one.
  int (*oddsAgainst)(Millis left);
};

const RenewalPolicy& policyFor(host::CredentialStore::Sharing sharing);

}  // namespace rondo::auth
