#include "credentials/credential_cool_downs.h"

#include <algorithm>
#include <utility>

namespace rondo::credentials {

const CoolDown* CredentialCoolDowns::longest(std::string_view model, Instant now) const {
  return longerOf(longerOf(models_.find(model, now), denied_.find(model, now)),
                  quotas_.longest(now));
}

CoolDowns& CredentialCoolDowns::of(Scope scope) {
  switch (scope) {
    case Scope::Model: return models_;
    case Scope::Denied: return denied_;
    case Scope::Quota: break;
  }
  return quotas_;
}

bool CredentialCoolDowns::extend(Scope scope, std::string_view name, CoolDown coolDown) {
  return of(scope).extend(name, std::move(coolDown));
}

void CredentialCoolDowns::learn(Scope scope, std::string_view name, CoolDown coolDown) {
  if (coolDown.since > reset_) extend(scope, name, std::move(coolDown));
}

const CoolDown* CredentialCoolDowns::rest(std::string_view model, const Ladder& ladder,
                                          Instant atLeast, Instant now, std::string reason) {
  const bool changed = models_.rest(model, ladder, atLeast, now, std::move(reason));
  return changed ? models_.find(model, now) : nullptr;
}

std::optional<CoolDown> CredentialCoolDowns::takeDenial(std::string_view model, Instant now) {
  return denied_.take(model, now);
}

void CredentialCoolDowns::succeed(std::string_view model, Instant began) {
  models_.clear(model, began);
  denied_.clear(model, began);
}

void CredentialCoolDowns::reset(Instant at) {
  if (at <= reset_) return;
  reset_ = at;
  for (auto* each : {&models_, &denied_, &quotas_}) each->clearAll(at);
}

Instant CredentialCoolDowns::latestRefusal() const {
  return std::max({models_.latestRefusal(), denied_.latestRefusal(), quotas_.latestRefusal()});
}

}  // namespace rondo::credentials
