#include "credentials/health.h"

#include <utility>

#include "credentials/cool_downs.h"
#include "credentials/kept_words.h"

namespace rondo::credentials {
namespace {

// A probe that nobody heard of again, since its client left, is repeated after this long.
constexpr Millis kProbeTakes = std::chrono::minutes(1);

Ladder ladderOf(Healing healing) {
  using std::chrono::minutes;
  return healing == Healing::ByRest ? Ladder{minutes(5), kLongestProbe}
                                    : Ladder{minutes(10), kLongestProbe};
}

}  // namespace

bool Health::isOut(Instant now) const {
  return quarantine_ && !(quarantine_->probe && *quarantine_->probe <= now);
}

void Health::choose(Instant now) {
  if (!quarantine_) return;
  quarantine_->probe = now + kProbeTakes;
  probe_ = Probe::UnderWay;
}

Refused Health::refuse(std::string reason, std::string remedy, Healing healing, Instant now) {
  reason = keptReason(std::move(reason));
  const bool isNew = !quarantine_ || quarantine_->reason != reason;
  const bool inVain = std::exchange(probe_, Probe::None) == Probe::UnderWay;
  if (!isNew && !inVain) return Refused::Nothing;
  Quarantine next{std::move(reason), keptRemedy(std::move(remedy)), now, {}, 0};
  if (quarantine_) {
    next.since = quarantine_->since;
    next.probes = quarantine_->probes + (inVain ? 1 : 0);
  }
  if (healing != Healing::Never) next.probe = now + lengthOf(ladderOf(healing), next.probes);
  quarantine_ = std::move(next);
  changed_ = justAfter(changed_, now);
  return isNew ? Refused::Reason : Refused::Probe;
}

bool Health::succeed(Instant began, Instant now) {
  if (!quarantine_ || changed_ >= began) return false;
  become(std::nullopt, now);
  return true;
}

void Health::takeOut(const Quarantine& quarantine, Instant at) {
  if (at > changed_) become(quarantine, at);
}

void Health::free(Instant at) {
  if (at > changed_) become(std::nullopt, at);
}

void Health::become(std::optional<Quarantine> quarantine, Instant at) {
  quarantine_ = std::move(quarantine);
  probe_ = Probe::None;
  changed_ = at;
}

}  // namespace rondo::credentials
