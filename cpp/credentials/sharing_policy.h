#pragma once

#include "base/time.h"
#include "host/credential_store.h"

namespace rondo::credentials {

// How a pool is kept in step through a store, by what the store can do.
struct SharingPolicy {
  // What was read longer ago is read anew before a credential is chosen.
  Millis stale;
  // What doesn't last as long isn't told. Where news are gathered they are told, and the others'
  // are read behind an answer, this often at most.
  Millis interval;

  enum class Telling {
    AtOnce,    // Also while a request goes on: it keeps the request from what others found.
    Gathered,  // Behind an answer alone, and what comes together goes out together.
  } telling;

  enum class Writing {
    // The store keeps of each fact the one of the highest rank. Nothing that was told gets lost,
    // but what is void goes only when something outranks it.
    Merges,
    // What is written takes the place of all that was there. It may undo what others wrote
    // meanwhile, as theirs may undo it; and what it leaves out is gone.
    Replaces,
  } writing;
};

const SharingPolicy& policyFor(host::CredentialStore::Sharing sharing);

}  // namespace rondo::credentials
