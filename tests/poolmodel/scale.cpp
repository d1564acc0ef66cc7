#include "poolmodel/scale.h"

namespace rondo::poolmodel {
namespace {

constexpr Millis kLength = std::chrono::minutes(2);

}  // namespace

Scenario atScale(const Size& size, Teller teller, int perSecond) {
  Scenario scenario;
  const bool isKv = teller == Teller::Kv || teller == Teller::KvAndCaches;
  const bool hasCaches = teller == Teller::KvAndCaches || teller == Teller::ObjectAndCaches;
  scenario.sharing = isKv ? Sharing::KvAlone : Sharing::WithObject;
  scenario.nearby = hasCaches ? Nearby::Cache : Nearby::Nothing;
  if (!isKv && teller != Teller::Object) scenario.objectCallLasts = Millis{1};
  if (teller == Teller::TokensApart) scenario.tokenObjects = TokenObjects::OneForEach;
  scenario.locations = size.locations;
  scenario.isolates = size.locations * size.isolatesAtEach;
  scenario.credentials = size.credentials;
  scenario.perMinute = size.perMinute;
  scenario.shortDays = size.credentials / 20;
  scenario.length = kLength;

  // Half of what comes to each.
  scenario.shortDay = 60 * perSecond / size.credentials;
  const int left = size.credentials - scenario.shortDays - 1;
  scenario.load = 60.0 * perSecond / (scenario.perMinute * left);
  return scenario;
}

}  // namespace rondo::poolmodel
