#include "auth/renewal_policy.h"

namespace rondo::auth {
namespace {

using std::chrono::seconds;

// Should the maker be gone, some of the others take its place. The odds grow as time runs out, so
// that of few isolates one does in time, and of many only a few do.
int growingOdds(Millis left) {
  if (left > seconds(150)) return 256;
  return left > seconds(90) ? 32 : 4;
}

int always(Millis) { return 1; }

// A claim keeps nobody out. So the maker alone renews, and leaves the others the minutes between to
// see the new token by; by then KV shows it everywhere.
constexpr RenewalPolicy kScarce = {
    .makersLead = kMakersLead,
    .othersLead = seconds(210),
    .mayEndSooner = kMakersLead,
    .oddsAgainst = growingOdds,
};

// One alone holds a claim, whoever that is.
constexpr RenewalPolicy kPrompt = {
    .makersLead = kMakersLead,
    .othersLead = kMakersLead,
    .mayEndSooner = Millis{},
    .oddsAgainst = always,
};

}  // namespace

const RenewalPolicy& policyFor(host::CredentialStore::Sharing sharing) {
  return sharing == host::CredentialStore::Sharing::Prompt ? kPrompt : kScarce;
}

}  // namespace rondo::auth
