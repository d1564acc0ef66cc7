#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "credentials/cool_downs.h"
#include "credentials/pool_facts.h"

namespace rondo::credentials {

// What keeps one credential from models for a while: what cools for one model, the quotas that its
// models share, and the models that Google denied to it. Anybody can have a denial made, by
// inventing a model's name; so there are 32 of them at most, beside the others, which they can't
// push out.
class CredentialCoolDowns {
 public:
  using Scope = CredentialCools::Scope;

  // What keeps it from this model for longest, if anything does. Valid until the next change.
  const CoolDown* longest(std::string_view model, Instant now) const;

  // The same of what keeps it from all models.
  const CoolDown* longestOfAll(Instant now) const { return quotas_.longest(now); }

  // Never shortens one that lasts longer. Whether anything changed.
  bool extend(Scope scope, std::string_view name, CoolDown coolDown);

  // The same for what another isolate found, unless a reset voids it.
  void learn(Scope scope, std::string_view name, CoolDown coolDown);

  // A step up the ladder for this model: see CoolDowns::rest. What the rest is now; null when that
  // changed nothing.
  const CoolDown* rest(std::string_view model, const Ladder& ladder, Instant atLeast, Instant now,
                       std::string reason);

  // Takes the denial out, if there is one.
  std::optional<CoolDown> takeDenial(std::string_view model, Instant now);

  // The model was served by an attempt that began at `began`. What is shared goes on cooling.
  void succeed(std::string_view model, Instant began);

  // An operator's word, at that moment: voids all that came by then, also what is learned of it
  // later.
  void reset(Instant at);

  // When the last refusal came that still counts for something.
  Instant latestRefusal() const;

  // Calls `see(model)` once for each model that cools or is denied.
  template <class See>
  void forEachModel(Instant now, See see) const {
    models_.forEach(now, [&see](const std::string& model, const CoolDown&) { see(model); });
    denied_.forEach(now, [&](const std::string& model, const CoolDown&) {
      if (!models_.find(model, now)) see(model);
    });
  }

  // The same for those alone of which Google named a quota, or that have been served.
  template <class See>
  void forEachRealModel(Instant now, See see) const {
    models_.forEach(now, [&see](const std::string& model, const CoolDown&) { see(model); });
  }

 private:
  static constexpr std::size_t kMostDenied = 32;
  CoolDowns& of(Scope scope);

  CoolDowns models_;
  CoolDowns denied_{kMostDenied};
  CoolDowns quotas_;
  Instant reset_;
};

}  // namespace rondo::credentials
