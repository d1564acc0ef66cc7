#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "credentials/cool_downs.h"
#include "credentials/credential.h"
#include "credentials/credential_cool_downs.h"
#include "credentials/health.h"
#include "credentials/model_turns.h"
#include "credentials/news.h"
#include "credentials/pool_facts.h"
#include "credentials/strategy.h"
#include "host/credential_store.h"

namespace rondo::credentials {

enum class CredentialState { Ready, Cooling, Quarantined };

// "ready", "cooling", "quarantined".
std::string_view stateName(CredentialState state);

// What the pool can do for one model at one moment.
enum class PoolState {
  Ready,        // Some credential is free.
  Cooling,      // None is free, and at least one will be: see earliestReset.
  Quarantined,  // All that serve the model wait for an operator.
  Unserved,     // No credential's `models` cover it, or the pool is empty.
};

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

// What rests for one model until when, and why.
struct Resting {
  const Credential* credential = nullptr;  // Null: whoever serves the model.
  std::string model;
  CoolDown coolDown;
};

// What a request wants of the next credential.
struct Turn {
  std::string_view model;
  Instant now;
  // Ids that this request is not to use again.
  std::span<const std::string> tried = {};
  // What tells conversations apart, for the sticky strategy.
  std::string_view conversation = {};
  // What belongs to one credential, such as a loop of tools: the same key goes to the same one of
  // those that can serve it, by any strategy but the pool's order. Empty: nothing ties it.
  std::string_view affinity = {};
  // One at another place than this one's is preferred, if there is any.
  const Credential* awayFrom = nullptr;
  // The id of the one to take, whosever turn it is, if it could be chosen and `awayFrom` is null.
  std::string_view preferred = {};
  // A rest of the model for this reason doesn't count.
  std::string_view unheeded = {};
  // Whether tools are asked for that Google runs. Then those come last that rest for tools.
  enum class Tools { None, Hosted } tools = Tools::None;
};

// Whose turn it is. The strategy orders the credentials (round robin has one cursor a model, so
// that a busy model doesn't skew another); those that cool for a model are passed over for that
// model alone, those in quarantine for all. Pure: it has no clock, every question carries its
// `now`.
//
// Model names come from clients, who may invent them. Cursors (ModelTurns) and cool-downs
// (CredentialCoolDowns) are therefore bounded in number, and what is dropped first matters least.
// Invented names can't push out what concerns real ones. A name is known to be real when Google
// named a quota for it or when it has been served; the denials and the cursors of other names are
// kept apart.
//
// What changes here and lasts is kept as News for other isolates; what they tell is learned.
class CredentialManager {
 public:
  explicit CredentialManager(std::vector<Credential> credentials,
                             Strategy strategy = Strategy::RoundRobin);

  // The pool, in order. Never changes; pointers into it live as long as the manager.
  const std::vector<Credential>& credentials() const { return credentials_; }

  // The next credential that serves the model and is free. Null when there is none: stateOf tells
  // why. A credential whose quarantine may be probed is free once a minute, for whoever comes
  // first.
  const Credential* choose(const Turn& turn);

  bool isQuarantined(std::string_view id) const;

  // Whether nothing keeps the credential from this model: neither a quarantine, probed or not, nor
  // a cool-down.
  bool isFree(std::string_view id, std::string_view model, Instant now) const;

  // What keeps the credential from this model for longest, if anything does. Valid until the next
  // change.
  const CoolDown* coolDownOf(std::string_view id, std::string_view model, Instant now) const;

  PoolState stateOf(std::string_view model, Instant now) const;

  // When the first credential that serves `model` and is not among `tried` is free: `now` when one
  // is already. Nothing when none is or will be.
  std::optional<Instant> earliestReset(std::string_view model, Instant now,
                                       std::span<const std::string> tried = {}) const;

  // What follows says whether it changed anything. Ids that are not in the pool are ignored.

  // Passes the credential over for `model`, since Google named a quota of it that is spent. Never
  // shortens a cool-down that lasts longer. No cool-down lasts longer than a week.
  bool coolDown(std::string_view id, std::string_view model, CoolDown coolDown);

  // The same since Google denied the model to the credential: 404, 403, no quota at all. Anybody
  // can bring that about by inventing a name. So it is kept apart, and until the model has been
  // served, others are told of sixteen such denials in twelve hours at most.
  bool denyModel(std::string_view id, std::string_view model, CoolDown coolDown);

  // The same for all models, since they share the quota of this name.
  bool coolDownQuota(std::string_view id, std::string_view quota, CoolDown coolDown);

  // A step up the ladder for this credential and model: see CoolDowns::rest.
  bool rest(std::string_view id, std::string_view model, const Ladder& ladder, Instant atLeast,
            Instant now, std::string reason);

  // Passes the credential over, as long as there is another one, for requests to `model` with tools
  // that Google runs: what these draw on is spent. Others it serves.
  void restForTools(std::string_view id, std::string_view model, CoolDown coolDown);
  // Whether anybody rests so.
  bool hasRestsForTools(std::string_view model, Instant now) const;

  // A step up the ladder for the model, whoever serves it. Never for longer than ten minutes.
  bool restModel(std::string_view model, const Ladder& ladder, Instant atLeast, Instant now,
                 std::string reason);

  // An attempt that began at `began` worked: clears what this model has against it by then, on this
  // credential and in the pool. Leaves other models alone. Ends a quarantine; whether it did.
  bool succeed(std::string_view id, std::string_view model, Instant began, Instant now);

  // Takes the credential out for every model. A quarantine that follows another keeps the first
  // one's time. One that heals is tried again by one request when its time has come, and after each
  // try in vain after twice as long. Whether the credential was in, or out for another reason.
  bool quarantine(std::string_view id, std::string reason, std::string remedy, Healing healing,
                  Instant now);

  // An operator's word that all is well: ends the credential's quarantine and all its cool-downs,
  // whatever time they bear, and goes before everything that was known until then.
  bool reset(std::string_view id, Instant now);

  // The changes since the last call that still last for `atLeast`. The others are dropped.
  std::vector<host::Fact> takeNews(Instant now, Millis atLeast) { return news_.take(now, atLeast); }

  // Takes in what other isolates found.
  void learn(const std::vector<host::Fact>& facts, Instant now);

  // One line for each credential that serves `model`: for error.details.
  std::vector<CredentialStatus> statusFor(std::string_view model, Instant now) const;

  // One line for each credential, in the pool's order, whether it serves `model` or not.
  std::vector<CredentialStatus> statusOfAll(std::string_view model, Instant now) const;

  // In which order a request that comes now would try the credentials that are free for `model`:
  // the first is the one that `choose` would give. With the sticky strategy, a request of no
  // conversation.
  std::vector<const Credential*> orderFor(std::string_view model, Instant now) const;

  // What rests for one model each: a credential, or (null) all of them. Those in quarantine are
  // left out.
  std::vector<Resting> resting(Instant now) const;

  // The models that are known to be real: those that were served, and those that rest since Google
  // named a quota of theirs or had no room for them.
  std::vector<std::string> knownModels(Instant now) const;
  // Whether the model was served.
  bool isProven(std::string_view model) const { return turns_.isProven(model); }

  // For a status page: one line for each credential that is ready, quarantined or cooling for all
  // models, and one for each model that cools.
  std::vector<CredentialStatus> status(Instant now) const;

 private:
  struct Member {
    CredentialCoolDowns coolDowns;
    Health health;
  };
  std::optional<std::size_t> indexOf(std::string_view id) const;
  Member* memberOf(std::string_view id);
  const CoolDown* coolDownOf(std::size_t index, std::string_view model, Instant now) const;
  bool isFree(std::size_t index, std::string_view model, Instant now) const;
  bool mayTake(std::size_t index, const Turn& turn) const;
  CredentialStatus statusOf(std::size_t index, std::string_view model, Instant now) const;

  std::optional<std::size_t> pick(const Turn& turn);
  template <class Wanted>
  std::optional<std::size_t> pickAmong(const Turn& turn, Wanted wanted);
  template <class Wanted>
  std::optional<std::size_t> firstAmong(Wanted wanted) const;
  template <class Wanted>
  std::optional<std::size_t> nextAmong(std::string_view model, Wanted wanted);
  template <class Wanted>
  std::optional<std::size_t> closestAmong(std::string_view key, Wanted wanted) const;

  CredentialCools::Scope scopeOfDenial(std::string_view model) const;
  bool extend(std::string_view id, CredentialCools::Scope scope, std::string_view name,
              CoolDown coolDown);
  void believeDenials(std::string_view model, Instant now);
  void apply(const CredentialCools& event);
  void apply(const ModelRests& event);
  void apply(const CredentialOut& event);
  void apply(const CredentialFreed& event);

  const std::vector<Credential> credentials_;
  const Strategy strategy_;
  const std::vector<std::size_t> cycle_;
  std::vector<Member> members_;  // beside credentials_
  CoolDowns modelRests_;
  CoolDowns toolRests_;  // By id and model.
  ModelTurns turns_;     // each a place in cycle_
  News news_;
};

}  // namespace rondo::credentials
