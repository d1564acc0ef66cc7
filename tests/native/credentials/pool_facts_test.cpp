#include "credentials/pool_facts.h"

#include <gtest/gtest.h>

#include <limits>

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
  const auto arrived = toEvent(toFact(event), kNow);
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
  const auto event = toEvent(
      {"credential|a", 7, kNow, std::string(R"({"reason":"x","probes":)") + probes + "}"}, kNow);
  return std::get<CredentialOut>(*event).quarantine.probes;
}

TEST(PoolFactsTest, ACoolingModelOfACredentialArrivesAsItWasTold) {
  expectRoundTrip(CredentialCools{"a", CredentialCools::Scope::Model, "m", cooling(hours(1))});
}

TEST(PoolFactsTest, ADeniedModelArrivesAsItWasToldAndIsHearsay) {
  const CredentialCools denied{"a", CredentialCools::Scope::Denied, "m", cooling(hours(1))};
  expectRoundTrip(denied);
  EXPECT_TRUE(isHearsay(toFact(denied)));
  EXPECT_FALSE(isHearsay(
      toFact(CredentialCools{"a", CredentialCools::Scope::Model, "m", cooling(hours(1))})));
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
    EXPECT_FALSE(toEvent({"cool|a|m", 7, kNow, value}, kNow)) << value;
  }
}

TEST(PoolFactsTest, FactsOfAnUnknownKindAreNoEvents) {
  for (const auto* key : {"", "|", "later|a|m", "coo", "cooler|a|m", "COOL|a|m"}) {
    EXPECT_FALSE(toEvent({key, 7, kNow, R"({"reason":"x","since":1})"}, kNow)) << key;
  }
}

TEST(PoolFactsTest, PartsThatAreMissingAreEmpty) {
  const auto event = toEvent({"cool", 7, kNow, "{}"}, kNow);
  ASSERT_TRUE(event);
  EXPECT_EQ(std::get<CredentialCools>(*event).credential, "");
  EXPECT_EQ(std::get<CredentialCools>(*event).name, "");
  EXPECT_EQ(std::get<CredentialCools>(*event).coolDown.reason, "");
}

// What is kept of one fact.
std::optional<Fact> kept(Fact fact) {
  std::vector<Fact> facts{std::move(fact)};
  keepWithinReach(facts, kNow);
  return facts.empty() ? std::nullopt : std::optional(facts.front());
}

TEST(PoolFactsTest, WhatTheRulesMakeIsKeptAsItIs) {
  std::vector<Fact> facts;
  for (const PoolEvent& event :
       {PoolEvent(CredentialCools{"a", CredentialCools::Scope::Model, "m", cooling(days(7))}),
        PoolEvent(CredentialCools{"a", CredentialCools::Scope::Quota, "q", cooling(hours(1))}),
        PoolEvent(ModelRests{"m", cooling(minutes(10))}), PoolEvent(out(kNow + hours(4), 6)),
        PoolEvent(out(std::nullopt, 0)),
        PoolEvent(CredentialFreed{"a", CredentialFreed::Extent::Quarantine, kNow}),
        PoolEvent(CredentialFreed{"a", CredentialFreed::Extent::Everything, kNow + minutes(5)})}) {
    facts.push_back(toFact(event));
  }
  const auto before = facts;
  EXPECT_FALSE(keepWithinReach(facts, kNow));
  EXPECT_EQ(facts, before);
}

TEST(PoolFactsTest, RanksAndExpiriesThatNoRuleMakesAreBroughtWithinReach) {
  const auto end = fromUnixMillis(std::numeric_limits<std::int64_t>::max());
  const std::int64_t highest = std::numeric_limits<std::int64_t>::max();
  const std::string value = R"({"reason":"x","since":9223372036854775807})";
  for (const auto& [key, longest] :
       {std::pair("cool|a|m", Millis(days(7))), std::pair("quota|a|q", Millis(days(7))),
        std::pair("model|m", Millis(minutes(10)))}) {
    for (const auto rank : {highest, toUnixMillis(kNow + longest) + 1}) {
      const auto fact = kept({key, rank, end, value});
      ASSERT_TRUE(fact);
      EXPECT_EQ(fact->expires, kNow + longest);
      EXPECT_EQ(fact->rank, toUnixMillis(kNow + longest));
    }
  }
  for (const auto* told : {R"({"reason":"x"})", R"({"freed":"everything"})"}) {
    const auto fact = kept({"credential|a", highest, end, told});
    ASSERT_TRUE(fact);
    EXPECT_LT(fact->rank, toUnixMillis(kNow - days(28)));
    EXPECT_GT(fact->expires, kNow);
    EXPECT_LE(fact->expires, kNow + days(1));
  }
}

TEST(PoolFactsTest, AnExpiryIsBroughtWithinReachAlsoWhereTheRankIsSound) {
  const auto end = fromUnixMillis(std::numeric_limits<std::int64_t>::max());
  const auto cools = kept({"cool|a|m", toUnixMillis(kNow + hours(1)), end, R"({"since":7})"});
  ASSERT_TRUE(cools);
  EXPECT_EQ(cools->expires, kNow + days(7));
  const auto out = kept({"credential|a", toUnixMillis(kNow), end, R"({"reason":"x"})"});
  ASSERT_TRUE(out);
  EXPECT_EQ(out->expires, kNow + days(30));
}

TEST(PoolFactsTest, AQuarantineBeganNoLaterThanItWasTold) {
  const auto since = std::to_string(toUnixMillis(kNow));
  const auto event = toEvent({"credential|a", toUnixMillis(kNow - hours(1)), kNow + days(1),
                              R"({"reason":"x","since":)" + since + "}"},
                             kNow);
  ASSERT_TRUE(event);
  EXPECT_EQ(std::get<CredentialOut>(*event).quarantine.since, kNow - hours(1));
}

TEST(PoolFactsTest, FactsThatAreNoEventsAreNotKept) {
  const auto end = fromUnixMillis(std::numeric_limits<std::int64_t>::max());
  std::vector<Fact> facts{{"cool|a|m", 7, end, "{"}, {"later|a", 7, end, "{}"}};
  EXPECT_FALSE(keepWithinReach(facts, kNow));
  EXPECT_TRUE(facts.empty());
}

TEST(PoolFactsTest, AResetVoidsTheCoolDownsOfItsCredentialThatCameBefore) {
  const auto cools = [](std::string id, Instant since) {
    return toFact(CredentialCools{std::move(id), CredentialCools::Scope::Model, "m",
                                  cooling(hours(1), "", since)});
  };
  const auto reset = toFact(CredentialFreed{"a", CredentialFreed::Extent::Everything, kNow});
  const auto freed = toFact(CredentialFreed{"b", CredentialFreed::Extent::Quarantine, kNow});
  const auto rests = toFact(ModelRests{"m", cooling(minutes(1), "", kNow - minutes(5))});
  const std::vector<Fact> known{cools("a", kNow), cools("b", kNow), freed, rests};
  for (const bool isNews : {false, true}) {
    auto facts = known;
    if (!isNews) facts.push_back(reset);
    const auto news = isNews ? std::vector{reset} : std::vector<Fact>{};
    EXPECT_EQ(takeVoided(facts, news, kNow), (std::vector{known[0]}));
    EXPECT_EQ(facts.size(), isNews ? 3U : 4U);
  }
  std::vector<Fact> later{cools("a", kNow + Millis(1))};
  EXPECT_TRUE(takeVoided(later, {reset}, kNow).empty());
  EXPECT_EQ(later.size(), 1U);
}

TEST(PoolFactsTest, WhatConcernsAWholeCredentialIsWorthMoreThanACoolDown) {
  const auto cools = [](Millis length) {
    return toFact(CredentialCools{"a", CredentialCools::Scope::Model, "m", cooling(length)});
  };
  const auto freed = toFact(CredentialFreed{"a", CredentialFreed::Extent::Quarantine, kNow});
  EXPECT_TRUE(isWorthLess(cools(hours(1)), cools(hours(2))));
  EXPECT_TRUE(isWorthLess(cools(hours(99)), freed));
  const auto denied =
      toFact(CredentialCools{"a", CredentialCools::Scope::Denied, "m", cooling(hours(99))});
  EXPECT_TRUE(isWorthLess(denied, cools(hours(1))));
  EXPECT_FALSE(isWorthLess(cools(hours(1)), denied));
  EXPECT_FALSE(isWorthLess(freed, cools(hours(99))));
}

TEST(PoolFactsTest, AQuarantineRepeatsOneOfItsReasonThatHasSeenAsManyProbes) {
  const auto known = toFact(out(kNow + minutes(20), 1));
  EXPECT_TRUE(repeats(toFact(out(kNow + minutes(10), 0)), known, kNow));
  EXPECT_TRUE(repeats(known, known, kNow));
  EXPECT_FALSE(repeats(toFact(out(kNow + minutes(40), 2)), known, kNow));
  auto other = out(kNow + minutes(20), 1);
  other.quarantine.reason = "billing_disabled";
  EXPECT_FALSE(repeats(toFact(other), known, kNow));
  other = out(kNow + minutes(20), 1);
  other.credential = "b";
  EXPECT_FALSE(repeats(toFact(other), known, kNow));
}

TEST(PoolFactsTest, ANumberOfProbesIsHeldWithinBounds) {
  EXPECT_EQ(probesOf("-5"), 0);
  EXPECT_EQ(probesOf("9223372036854775807"), 1'000'000);
  EXPECT_EQ(probesOf("\"many\""), 0);
}

}  // namespace
}  // namespace rondo::credentials
