#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "credentials/cool_downs.h"
#include "host/credential_store.h"

namespace rondo::credentials {

// The longest that any rule makes: a cool-down, since no hint of Google's is believed beyond a
// week; the rest of a model, which keeps it from everybody; the wait until a quarantine is tried
// again.
inline constexpr Millis kLongestCoolDown = std::chrono::days(7);
inline constexpr Millis kLongestModelRest = std::chrono::minutes(10);
inline constexpr Millis kLongestProbe = std::chrono::hours(4);

// Why a credential is out for every model.
struct Quarantine {
  std::string reason;  // A stable word: "invalid_grant", "service_disabled".
  std::string remedy;  // What an operator can do about it, for people. Holds no secret.
  Instant since;
  // When one request may try it again, since what is wrong can be mended without a new secret.
  // Nothing: an operator must release it.
  std::optional<Instant> probe;
  int probes = 0;  // How often it has been tried again.
};

// What isolates tell each other. Every `what` names a credential by its id.
struct CredentialCools {
  std::string credential;
  // `Denied`: the model, which may be none, since nobody has served it yet.
  enum class Scope { Model, Denied, Quota } scope = Scope::Model;
  std::string name;  // of the model or the quota
  CoolDown coolDown;
};
struct ModelRests {
  std::string model;
  CoolDown coolDown;
};
struct CredentialOut {
  std::string credential;
  Quarantine quarantine;
  Instant at;
};
// It works again, or is to be taken for new: with `Everything` its cool-downs are void too.
struct CredentialFreed {
  std::string credential;
  enum class Extent { Quarantine, Everything } extent = Extent::Quarantine;
  Instant at;
};

using PoolEvent = std::variant<CredentialCools, ModelRests, CredentialOut, CredentialFreed>;

// `now`, or as soon after `last` as can be: isolates' clocks differ, and an event is not to be
// taken for older than the one that it follows.
Instant justAfter(Instant last, Instant now);

host::Fact toFact(const PoolEvent& event);

// Nothing when the fact is damaged or of a kind that is not known here. No time in it lies further
// ahead of `now` than a rule could have put it. A moment that should lie behind and doesn't is
// taken for 29 days old: what is known of later then holds, an operator's reset above all.
std::optional<PoolEvent> toEvent(const host::Fact& fact, Instant now);

// Leaves out the facts that are no events, and gives those whose rank or expiry no rule could have
// made the ones that toEvent reads, so that true news outranks them. Whether there was one of
// those.
bool keepWithinReach(std::vector<host::Fact>& facts, Instant now);

// Takes out of `facts` the cool-downs that a reset voids, which is among them or among `news`.
std::vector<host::Fact> takeVoided(std::vector<host::Fact>& facts,
                                   const std::vector<host::Fact>& news, Instant now);

// Whether it is about a name that may be invented.
bool isHearsay(const host::Fact& fact);

// Of too many facts those are dropped first that are worth less than others: hearsay less than a
// cool-down, that less than what concerns a whole credential, else what expires sooner.
bool isWorthLess(const host::Fact& one, const host::Fact& other);

// Whether `news` only says once more that a credential is out, for the reason that is known.
bool repeats(const host::Fact& news, const host::Fact& known, Instant now);

}  // namespace rondo::credentials
