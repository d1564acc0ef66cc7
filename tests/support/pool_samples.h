#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "credentials/credential_manager.h"

// Pools and moments for the tests of whose turn it is.
namespace rondo::credentials::samples {

inline constexpr std::string_view kModel = "gemini-3.8-flash";
inline constexpr std::string_view kOther = "gemini-4-argon";
inline constexpr Instant kNow{Millis{1'764'000'000'000}};  // The FakeHost's clock begins here.

inline Credential named(std::string id, std::vector<std::string> models = {}) {
  Credential credential;
  credential.id = std::move(id);
  credential.alias = "alias of " + credential.id;
  credential.location = "global";
  credential.models = std::move(models);
  return credential;
}

inline Credential weighing(int weight, std::string id) {
  auto credential = named(std::move(id));
  credential.weight = weight;
  return credential;
}

inline CredentialManager one(Strategy strategy = Strategy::RoundRobin) {
  return CredentialManager({named("a")}, strategy);
}

inline CredentialManager three(Strategy strategy = Strategy::RoundRobin) {
  return CredentialManager({named("a"), named("b"), named("c")}, strategy);
}

// The member of the pool that has this id; there must be one.
inline const Credential* member(const CredentialManager& manager, std::string_view id) {
  return &*std::ranges::find(manager.credentials(), id, &Credential::id);
}

// Whether the credential would be chosen for the model if it were the only one that is left. Asks a
// copy, so that nobody's turn is over.
inline bool isFree(CredentialManager manager, std::string_view id, std::string_view model,
                   Instant now) {
  std::vector<std::string> others;
  for (const Credential& each : manager.credentials()) {
    if (each.id != id) others.push_back(each.id);
  }
  const Credential* chosen = manager.choose({.model = model, .now = now, .tried = others});
  return chosen && chosen->id == id;
}

// A cool-down whose refusal came at `since`.
inline CoolDown cooling(Millis length, std::string reason = "minute", Instant since = kNow) {
  return {since + length, since, std::move(reason)};
}

// Out until an operator says otherwise, or with `Healing::ByProbe` until a probe works.
inline bool takeOut(CredentialManager& manager, std::string_view id, Instant now = kNow,
                    Healing healing = Healing::Never, std::string reason = "invalid_grant") {
  return manager.quarantine(id, std::move(reason), "Log in again.", healing, now);
}

inline std::string idOf(const Credential* chosen) { return chosen ? chosen->id : "-"; }

// The ids of the next `count` choices, "-" for none.
inline std::string turns(CredentialManager& manager, std::string_view model, std::size_t count,
                         Instant now = kNow) {
  std::string ids;
  for (std::size_t i = 0; i < count; ++i) {
    ids += idOf(manager.choose({.model = model, .now = now}));
  }
  return ids;
}

}  // namespace rondo::credentials::samples
