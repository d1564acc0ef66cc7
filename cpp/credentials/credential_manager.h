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
#include "credentials/credential.h"

namespace rondo::credentials {

enum class CredentialState { Ready, Cooling, Quarantined };

// What the pool can do for one model at one moment.
enum class PoolState {
  Ready,        // Some credential is free.
  Cooling,      // None is free, and at least one will be: see earliestReset.
  Quarantined,  // All that serve the model wait for an operator.
  Unserved,     // No credential's `models` cover it, or the pool is empty.
};

// Why a credential is out for every model, until it is released.
struct Quarantine {
  std::string reason;  // A stable word: "invalid_grant", "service_disabled".
  std::string remedy;  // What an operator can do about it, for people. Holds no secret.
  Instant since;
};

// A credential's state, for one model or (with an empty `model`) for all.
struct CredentialStatus {
  const Credential* credential = nullptr;
  CredentialState state = CredentialState::Ready;
  std::string model;             // The model that cools. Empty: the state holds for all.
  std::string reason;            // Empty when ready.
  std::string remedy;            // Only in quarantine.
  std::optional<Instant> since;  // Only in quarantine.
  std::optional<Instant> until;  // Only when cooling.
};

// Whose turn it is. Credentials take turns in the order of the pool, with one cursor a model, so
// that a busy model doesn't skew another; the ones that cool for a model are passed over for that
// model alone. Pure: it has no clock, every question carries its `now`.
//
// Model names come from clients. Cursors and cool-downs are therefore bounded in number, and what
// is dropped first matters least: the cursor that was used longest ago, the cool-down that ends
// soonest.
class CredentialManager {
 public:
  explicit CredentialManager(std::vector<Credential> credentials);

  // The pool, in order. Never changes; pointers into it live as long as the manager.
  const std::vector<Credential>& credentials() const { return credentials_; }
  const Credential* find(std::string_view id) const;

  // The next credential in the cycle that serves `model`, is neither cooling for it nor
  // quarantined, and is not among `tried` (ids that this request has used already). Moves the
  // cursor behind it. Null when there is none: stateOf tells why.
  const Credential* choose(std::string_view model, Instant now,
                           std::span<const std::string> tried = {});

  // Whether the credential `id` could be chosen for `model`. Moves no cursor.
  bool isFree(std::string_view id, std::string_view model, Instant now) const;

  PoolState stateOf(std::string_view model, Instant now) const;

  // When the first credential that serves `model` is free: `now` when one is already. Nothing when
  // the pool is Quarantined or Unserved for it.
  std::optional<Instant> earliestReset(std::string_view model, Instant now) const;

  // Passes the credential over for `model` before `until`. Never shortens a cool-down that lasts
  // longer. Ids that are not in the pool are ignored, here and below.
  void coolDown(std::string_view id, std::string_view model, Instant until, std::string reason);

  // The model works again through this credential. Leaves its other models alone.
  void clear(std::string_view id, std::string_view model);

  // Takes the credential out for every model. A second quarantine replaces the first one's words
  // and keeps its time.
  void quarantine(std::string_view id, Quarantine quarantine);
  void release(std::string_view id);

  // One line for each credential that serves `model`: for error.details.
  std::vector<CredentialStatus> statusFor(std::string_view model, Instant now) const;

  // For a status page: one line for each credential that is ready or quarantined, and one for each
  // model that cools.
  std::vector<CredentialStatus> status(Instant now) const;

 private:
  struct CoolDown {
    Instant until;
    std::string reason;
  };
  struct Member {
    std::map<std::string, CoolDown, std::less<>> coolDowns;  // by model
    std::optional<Quarantine> quarantine;
  };
  struct Cursor {
    std::size_t next = 0;
    std::uint64_t lastUse = 0;
  };

  std::optional<std::size_t> indexOf(std::string_view id) const;
  Cursor& cursorOf(std::string_view model);
  CredentialStatus statusOf(std::size_t index, std::string_view model, Instant now) const;

  const std::vector<Credential> credentials_;
  std::vector<Member> members_;  // beside credentials_
  std::map<std::string, Cursor, std::less<>> cursors_;
  std::uint64_t uses_ = 0;
};

}  // namespace rondo::credentials
