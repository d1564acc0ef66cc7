#include "credentials/sharing_policy.h"

namespace rondo::credentials {
namespace {

using std::chrono::minutes;

// KV shows a write elsewhere after up to a minute, so that reading more often is of no use, and may
// be written a thousand times a day.
constexpr SharingPolicy kScarce = {
    .stale = minutes(10),
    .interval = minutes(1),
    .telling = SharingPolicy::Telling::Gathered,
    .writing = SharingPolicy::Writing::Replaces,
};

constexpr SharingPolicy kPrompt = {
    .stale = Millis{250},
    .interval = Millis{1},
    .telling = SharingPolicy::Telling::AtOnce,
    .writing = SharingPolicy::Writing::Merges,
};

}  // namespace

const SharingPolicy& policyFor(host::CredentialStore::Sharing sharing) {
  return sharing == host::CredentialStore::Sharing::Scarce ? kScarce : kPrompt;
}

}  // namespace rondo::credentials
