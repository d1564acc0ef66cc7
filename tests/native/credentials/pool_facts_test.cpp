#include "credentials/pool_facts.h"

#include <gtest/gtest.h>

#include "support/pool_samples.h"

namespace rondo::credentials {
namespace {

using host::Fact;
using samples::cooling;
using samples::kNow;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

// What arrives of an event as it was told.
template <class Event>
std::optional<Event> roundTrip(const Event& event) {
  const auto arrived = toEvent(toFact(event));
  const auto* same = arrived ? std::get_if<Event>(&*arrived) : nullptr;
  return same ? std::optional(*same) : std::nullopt;
}

void expectSame(const CoolDown& arrived, const CoolDown& told) {
  EXPECT_EQ(arrived.until, told.until);
  EXPECT_EQ(arrived.since, told.since);
  EXPECT_EQ(arrived.reason, told.reason);
}

void expectRoundTrip(const CredentialCools& told) {
  const auto arrived = roundTrip(told);
  ASSERT_TRUE(arrived);
  EXPECT_EQ(arrived->credential, told.credential);
  EXPECT_EQ(arrived->scope, told.scope);
  EXPECT_EQ(arrived->name, told.name);
  expectSame(arrived->coolDown, told.coolDown);
}

CredentialOut out(std::optional<Instant> probe, int probes) {
  return {"a", {"service_disabled", "Enable it.", kNow - hours(1), probe, probes}, kNow};
}

void expectRoundTrip(const CredentialOut& told) {
  const auto arrived = roundTrip(told);
  ASSERT_TRUE(arrived);
  EXPECT_EQ(arrived->credential, told.credential);
  EXPECT_EQ(arrived->at, told.at);
  EXPECT_EQ(arrived->quarantine.reason, told.quarantine.reason);
  EXPECT_EQ(arrived->quarantine.remedy, told.quarantine.remedy);
  EXPECT_EQ(arrived->quarantine.since, told.quarantine.since);
  EXPECT_EQ(arrived->quarantine.probe, told.quarantine.probe);
  EXPECT_EQ(arrived->quarantine.probes, told.quarantine.probes);
}

int probesOf(const char* probes) {
  const auto event =
      toEvent({"credential|a", 7, kNow, std::string(R"({"reason":"x","probes":)") + probes + "}"});
  return std::get<CredentialOut>(*event).quarantine.probes;
}

TEST(PoolFactsTest, ACoolingModelOfACredentialArrivesAsItWasTold) {
  expectRoundTrip(CredentialCools{"a", CredentialCools::Scope::Model, "m", cooling(hours(1))});
}

TEST(PoolFactsTest, ACoolingQuotaArrivesAsItWasTold) {
  expectRoundTrip(CredentialCools{"a", CredentialCools::Scope::Quota, "q", cooling(hours(1))});
}

TEST(PoolFactsTest, ARestingModelArrivesAsItWasTold) {
  const auto arrived = roundTrip(ModelRests{"m", cooling(minutes(5), "overloaded")});
  ASSERT_TRUE(arrived);
  EXPECT_EQ(arrived->model, "m");
  expectSame(arrived->coolDown, cooling(minutes(5), "overloaded"));
}

TEST(PoolFactsTest, AQuarantineThatHealsArrivesAsItWasTold) {
  expectRoundTrip(out(kNow + minutes(20), 1));
}

TEST(PoolFactsTest, AQuarantineThatNeverHealsArrivesAsItWasTold) {
  expectRoundTrip(out(std::nullopt, 0));
}

TEST(PoolFactsTest, ItsEndArrivesAsItWasTold) {
  for (const auto extent :
       {CredentialFreed::Extent::Quarantine, CredentialFreed::Extent::Everything}) {
    const auto arrived = roundTrip(CredentialFreed{"a", extent, kNow});
    ASSERT_TRUE(arrived);
    EXPECT_EQ(arrived->credential, "a");
    EXPECT_EQ(arrived->extent, extent);
    EXPECT_EQ(arrived->at, kNow);
  }
}

TEST(PoolFactsTest, NamesMayHoldTheSignThatJoinsTheParts) {
  expectRoundTrip(CredentialCools{"a", CredentialCools::Scope::Model, "m|n||", cooling(hours(1))});
  EXPECT_EQ(roundTrip(ModelRests{"|m|n", cooling(hours(1))})->model, "|m|n");
}

TEST(PoolFactsTest, NamesAndReasonsMayBeEmptyOrInAnyScript) {
  expectRoundTrip(CredentialCools{"a", CredentialCools::Scope::Model, "", cooling(hours(1), "")});
  expectRoundTrip(
      CredentialCools{"a", CredentialCools::Scope::Quota, "模型 \"x\"\n", cooling(hours(1), "\\")});
}

TEST(PoolFactsTest, ALongerCoolDownOutranksAShorterOneOfTheSameKey) {
  const auto told = [](Millis length) {
    return toFact(CredentialCools{"a", CredentialCools::Scope::Model, "m", cooling(length)});
  };
  EXPECT_EQ(told(hours(1)).key, told(hours(2)).key);
  EXPECT_LT(told(hours(1)).rank, told(hours(2)).rank);
  EXPECT_EQ(told(hours(1)).expires, kNow + hours(1));
}

TEST(PoolFactsTest, ModelsAndQuotasOfTheSameNameAreToldApart) {
  const auto key = [](CredentialCools::Scope scope) {
    return toFact(CredentialCools{"a", scope, "x", cooling(hours(1))}).key;
  };
  EXPECT_NE(key(CredentialCools::Scope::Model), key(CredentialCools::Scope::Quota));
}

TEST(PoolFactsTest, TheLaterOfAQuarantineAndItsEndOutranksTheOther) {
  const auto begun = toFact(out(std::nullopt, 0));
  const auto ended =
      toFact(CredentialFreed{"a", CredentialFreed::Extent::Quarantine, kNow + Millis(1)});
  EXPECT_EQ(begun.key, ended.key);
  EXPECT_LT(begun.rank, ended.rank);
}

TEST(PoolFactsTest, AResetIsRememberedForLongerThanAnyCoolDownThatItVoids) {
  const auto lasts = [](CredentialFreed::Extent extent) {
    return toFact(CredentialFreed{"a", extent, kNow}).expires - kNow;
  };
  EXPECT_EQ(lasts(CredentialFreed::Extent::Quarantine), hours(1));
  EXPECT_GE(lasts(CredentialFreed::Extent::Everything), days(2));
}

TEST(PoolFactsTest, DamagedFactsAreNoEvents) {
  for (const auto* value : {"", "{", "[]", "7", "null", "\"since\""}) {
    EXPECT_FALSE(toEvent({"cool|a|m", 7, kNow, value})) << value;
  }
}

TEST(PoolFactsTest, FactsOfAnUnknownKindAreNoEvents) {
  for (const auto* key : {"", "|", "later|a|m", "coo", "cooler|a|m", "COOL|a|m"}) {
    EXPECT_FALSE(toEvent({key, 7, kNow, R"({"reason":"x","since":1})"})) << key;
  }
}

TEST(PoolFactsTest, PartsThatAreMissingAreEmpty) {
  const auto event = toEvent({"cool", 7, kNow, "{}"});
  ASSERT_TRUE(event);
  EXPECT_EQ(std::get<CredentialCools>(*event).credential, "");
  EXPECT_EQ(std::get<CredentialCools>(*event).name, "");
  EXPECT_EQ(std::get<CredentialCools>(*event).coolDown.reason, "");
}

TEST(PoolFactsTest, ANumberOfProbesIsHeldWithinBounds) {
  EXPECT_EQ(probesOf("-5"), 0);
  EXPECT_EQ(probesOf("9223372036854775807"), 1'000'000);
  EXPECT_EQ(probesOf("\"many\""), 0);
}

}  // namespace
}  // namespace rondo::credentials
