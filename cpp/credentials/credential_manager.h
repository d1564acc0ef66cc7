#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "credentials/cool_downs.h"
#include "credentials/credential.h"
#include "credentials/pool_facts.h"
#include "credentials/strategy.h"
#include "host/credential_store.h"

namespace rondo::credentials {

enum class CredentialState { Ready, Cooling, Quarantined };

// What the pool can do for one model at one moment.
enum class PoolState {
  Ready,        // Some credential is free.
  Cooling,      // None is free, and at least one will be: see earliestReset.
  Quarantined,  // All that serve the model wait for an operator.
  Unserved,     // No credential's `models` cover it, or the pool is empty.
};

// Whether a quarantine may end by itself, once somebody has mended the account.
enum class Healing { Never, ByProbe };

// A credential's state, for one model or (with an empty `model`) for all.
struct CredentialStatus {
  const Credential* credential = nullptr;
  CredentialState state = CredentialState::Ready;
  std::string model;             // The model that cools. Empty: the state holds for all.
  std::string reason;            // Empty when ready.
  std::string remedy;            // Only in quarantine.
  std::optional<Instant> since;  // When not ready.
  std::optional<Instant> until;  // When cooling; in quarantine, when it is tried again.
};

// What a request wants of the next credential.
struct Turn {
  std::string_view model;
  Instant now;
  // Ids that this request is not to use again.
  std::span<const std::string> tried = {};
  // What tells conversations apart, for the sticky strategy.
  std::string_view conversation = {};
  // One at another place than this one's is preferred, if there is any.
  const Credential* awayFrom = nullptr;
  // The credential to take while it is free, whosever turn it is, by id. May be empty.
  std::string_view preferred = {};
};

// Whose turn it is. The strategy orders the credentials (round robin has one cursor a model, so
// that a busy model doesn't skew another); those that cool for a model are passed over for that
// model alone, those in quarantine for all. Pure: it has no clock, every question carries its
// `now`.
//
// Model names come from clients. Cursors and cool-downs are therefore bounded in number, and what
// is dropped first matters least: the cursor that was used longest ago, the cool-down that ends
// soonest.
//
// What changes here and lasts is kept as news for other isolates; what they tell is learned.
class CredentialManager {
 public:
  explicit CredentialManager(std::vector<Credential> credentials,
                             Strategy strategy = Strategy::RoundRobin);

  // The pool, in order. Never changes; pointers into it live as long as the manager.
  const std::vector<Credential>& credentials() const { return credentials_; }
  const Credential* find(std::string_view id) const;

  // The next credential that serves the model and is free. Null when there is none: stateOf tells
  // why. A credential whose quarantine may be probed is free once a minute.
  const Credential* choose(const Turn& turn);

  // Whether the credential `id` could be chosen for `model`. Chooses nothing.
  bool isFree(std::string_view id, std::string_view model, Instant now) const;

  bool isQuarantined(std::string_view id) const;

  // What keeps the credential from this model for longest, if anything does. Valid until the next
  // change.
  const CoolDown* coolDownOf(std::string_view id, std::string_view model, Instant now) const;

  PoolState stateOf(std::string_view model, Instant now) const;

  // When the first credential that serves `model` and is not among `tried` is free: `now` when one
  // is already. Nothing when none is or will be.
  std::optional<Instant> earliestReset(std::string_view model, Instant now,
                                       std::span<const std::string> tried = {}) const;

  // What follows says whether it changed anything. Ids that are not in the pool are ignored.

  // Passes the credential over for `model`. Never shortens a cool-down that lasts longer.
  bool coolDown(std::string_view id, std::string_view model, CoolDown coolDown);

  // The same for all models, since they share the quota of this name.
  bool coolDownQuota(std::string_view id, std::string_view quota, CoolDown coolDown);

  // A step up the ladder for this credential and model: see CoolDowns::rest.
  bool rest(std::string_view id, std::string_view model, const Ladder& ladder, Instant atLeast,
            Instant now, std::string reason);

  // A step up the ladder for the model, whoever serves it.
  bool restModel(std::string_view model, const Ladder& ladder, Instant atLeast, Instant now,
                 std::string reason);

  // An attempt that began at `began` worked: clears what this model has against it by then, on this
  // credential and in the pool. Leaves other models alone. Ends a quarantine; whether it did.
  bool succeed(std::string_view id, std::string_view model, Instant began, Instant now);

  // Takes the credential out for every model. A quarantine that follows another keeps the first
  // one's time. One that heals is tried again after ten minutes, and after each try in vain in
  // twice as long, up to four hours. Whether the credential was in, or out for another reason.
  bool quarantine(std::string_view id, std::string reason, std::string remedy, Healing healing,
                  Instant now);

  // An operator's word that all is well: ends the credential's quarantine and all its cool-downs.
  bool reset(std::string_view id, Instant now);

  // The changes since the last call that still last for `atLeast`. The others are dropped.
  std::vector<host::Fact> takeNews(Instant now, Millis atLeast);

  // Takes in what other isolates found.
  void learn(const std::vector<host::Fact>& facts, Instant now);

  // One line for each credential that serves `model`: for error.details.
  std::vector<CredentialStatus> statusFor(std::string_view model, Instant now) const;

  // For a status page: one line for each credential that is ready, quarantined or cooling for all
  // models, and one for each model that cools.
  std::vector<CredentialStatus> status(Instant now) const;

 private:
  struct Member {
    CoolDowns models;
    CoolDowns quotas;
    std::optional<Quarantine> quarantine;
    enum class Probe { None, UnderWay } probe = Probe::None;
    Instant changed;  // When the quarantine last began, ended or was probed in vain.
    Instant freed;    // Cool-downs of before are void.
  };
  struct Cursor {
    std::size_t next = 0;  // in cycle_
    std::uint64_t lastUse = 0;
  };

  std::optional<std::size_t> indexOf(std::string_view id) const;
  Member* memberOf(std::string_view id);
  Cursor& cursorOf(std::string_view model);
  const CoolDown* coolDownOf(const Member& member, std::string_view model, Instant now) const;
  bool isFree(std::size_t index, std::string_view model, Instant now) const;
  CredentialStatus statusOf(std::size_t index, std::string_view model, Instant now) const;

  std::optional<std::size_t> pick(const Turn& turn);
  template <class Wanted>
  std::optional<std::size_t> pickAmong(const Turn& turn, Wanted wanted);

  void tell(const PoolEvent& event);
  void apply(const CredentialCools& event);
  void apply(const ModelRests& event);
  void apply(const CredentialOut& event);
  void apply(const CredentialFreed& event);

  const std::vector<Credential> credentials_;
  const Strategy strategy_;
  const std::vector<std::size_t> cycle_;
  std::vector<Member> members_;  // beside credentials_
  CoolDowns modelRests_;
  std::map<std::string, Cursor, std::less<>> cursors_;
  std::uint64_t uses_ = 0;
  std::map<std::string, host::Fact> news_;  // by key
};

}  // namespace rondo::credentials
