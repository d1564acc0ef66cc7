#include "poolmodel/scale.h"

namespace rondo::poolmodel {
namespace {

constexpr Millis kLength = std::chrono::minutes(2);
// So slow that the object keeps up.
constexpr Millis kWarmUp = std::chrono::minutes(5);

}  // namespace

Scenario atScale(const Size& size, Teller teller, int perSecond, Isolates isolates) {
  Scenario scenario;
  scenario.sharing = teller == Teller::Kv ? Sharing::KvAlone : Sharing::WithObject;
  if (teller == Teller::LimitedObject) scenario.objectCallLasts = Millis{1};
  scenario.locations = size.locations;
  scenario.isolates = size.locations * size.isolatesAtEach;
  scenario.credentials = size.credentials;
  scenario.perMinute = size.perMinute;
  scenario.shortDays = size.credentials / 20;
  scenario.length = kLength;
  if (isolates == Isolates::Warm) scenario.warmUp = kWarmUp;

  // Half of what such a credential's share of the load would be.
  const double share = 60.0 * perSecond / size.credentials;
  scenario.shortDay = static_cast<std::int64_t>(share);
  if (isolates == Isolates::Warm) scenario.shortDay += scenario.isolates;
  const int left = size.credentials - scenario.shortDays - 1;
  scenario.load = 60.0 * perSecond / (scenario.perMinute * left);
  return scenario;
}

}  // namespace rondo::poolmodel
