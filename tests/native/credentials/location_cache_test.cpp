#include "credentials/location_cache.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "credentials/kv_credential_store.h"
#include "support/fake_host.h"
#include "support/fake_object.h"

namespace rondo::credentials {
namespace {

using host::Fact;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

using Facts = std::vector<Fact>;
using Value = std::optional<std::string>;

// Isolates of one location over its cache.
class LocationCacheTest : public testing::Test {
 protected:
  struct Isolate {
    Isolate(LocationCacheTest& test, host::CredentialStore& behind)
        : store(test.cache, known, behind, test.host.clock, test.host.logger) {}
    LocationFacts known;
    LocationCache store;
  };

  Fact fact(std::string key, Millis lasts, std::int64_t rank = 1) {
    return {std::move(key), rank, host.clock.now() + lasts, "{}"};
  }
  Facts factsOf(Isolate& isolate) { return host.run(isolate.store.facts()).value(); }
  void share(Isolate& isolate, Facts facts) {
    EXPECT_TRUE(host.run(isolate.store.share(std::move(facts))));
  }
  Facts inKv() { return host.run(host.store.facts()).value(); }
  Value claim(Isolate& isolate, Millis lasting = minutes(1)) {
    return host.run(isolate.store.claim("token", host.clock.now() + lasting)).value();
  }

  fake::FakeHost host;
  fake::FakeKv cache{host.loop};
  fake::FakeObject object{host};
  Isolate one{*this, host.store};
  Isolate other{*this, host.store};
  Isolate oneOfObject{*this, object};
  Isolate otherOfObject{*this, object};
};

// --- What it shares ------------------------------------------------------------------------------

TEST_F(LocationCacheTest, SharesAsTheObjectBehindItAndNearbyOverKv) {
  EXPECT_EQ(one.store.sharing(), host::CredentialStore::Sharing::Nearby);
  EXPECT_EQ(oneOfObject.store.sharing(), host::CredentialStore::Sharing::Prompt);
}

TEST_F(LocationCacheTest, WhatOneIsolateTellsItsNeighboursKnowAtOnce) {
  factsOf(other);
  const Fact cools = fact("cool", seconds(20));
  share(one, {cools});
  EXPECT_EQ(factsOf(other), Facts{cools});
}

TEST_F(LocationCacheTest, WhatHasExpiredIsKnownNoMore) {
  share(one, {fact("cool", seconds(20))});
  host.advance(seconds(20));
  EXPECT_EQ(factsOf(one), Facts());
  EXPECT_EQ(factsOf(other), Facts());
}

TEST_F(LocationCacheTest, WhatAnotherPutUndidIsPutAgainByWhoKnowsIt) {
  const Fact mine = fact("mine", minutes(5));
  const Fact theirs = fact("theirs", minutes(5));
  share(one, {mine});
  cache.entries.clear();
  share(other, {theirs});
  EXPECT_EQ(factsOf(one).size(), 2U);
  EXPECT_EQ(factsOf(other).size(), 2U);
}

TEST_F(LocationCacheTest, ADamagedEntryIsAsGoodAsNone) {
  const Fact cools = fact("cool", seconds(20));
  share(one, {cools});
  for (const auto* text : {"", "\n", "[1,2]\n[]", "[1,2,3]\n[]", "{}\n", "[\"a\",2,true]\n[]"}) {
    cache.entries["state:v1"].value = text;
    EXPECT_EQ(factsOf(one), Facts{cools}) << text;
  }
}

// --- The store behind ----------------------------------------------------------------------------

TEST_F(LocationCacheTest, KvIsReadOnceAMinuteForAllOfTheLocation) {
  host.run(host.store.share({fact("told", hours(1))}));
  EXPECT_EQ(factsOf(one).size(), 1U);
  EXPECT_EQ(factsOf(other).size(), 1U);
  EXPECT_EQ(host.kv.reads, 1);
  host.advance(minutes(1));
  factsOf(other);
  factsOf(one);
  EXPECT_EQ(host.kv.reads, 2);
}

TEST_F(LocationCacheTest, AnObjectIsAskedFourTimesASecondForAllOfTheLocation) {
  factsOf(oneOfObject);
  factsOf(otherOfObject);
  EXPECT_EQ(object.reads, 1);
  host.advance(milliseconds(249));
  factsOf(otherOfObject);
  EXPECT_EQ(object.reads, 1);
  host.advance(milliseconds(1));
  factsOf(otherOfObject);
  EXPECT_EQ(object.reads, 2);
}

TEST_F(LocationCacheTest, WhereTheCacheKeepsNothingTheStoreBehindIsAskedAsSeldom) {
  for (int i = 0; i < 5; ++i) {
    cache.entries.clear();
    factsOf(one);
  }
  EXPECT_EQ(host.kv.reads, 1);
}

TEST_F(LocationCacheTest, ATimeFarAheadInTheCacheDoesNotKeepTheStoreBehindFromBeingAsked) {
  LocationFacts wrong;
  wrong.due = host.clock.now() + hours(24);
  wrong.writable = wrong.due;
  cache.entries["state:v1"] = {encodeLocationFacts(wrong), hours(1)};
  factsOf(one);
  cache.entries.clear();
  host.advance(minutes(1));
  share(one, {fact("day", hours(5))});
  factsOf(one);
  EXPECT_EQ(host.kv.reads, 1);
  EXPECT_EQ(inKv().size(), 1U);
}

TEST_F(LocationCacheTest, AnObjectIsToldAllAtOnce) {
  const Facts facts{fact("minute", seconds(20)), fact("day", hours(5))};
  share(oneOfObject, facts);
  EXPECT_EQ(object.known, facts);
}

TEST_F(LocationCacheTest, AnObjectThatIsNotToldFailsTheTelling) {
  object.broken = true;
  EXPECT_FALSE(host.run(oneOfObject.store.share({fact("cool", seconds(20))})));
}

TEST_F(LocationCacheTest, KvIsToldWhatLastsAMinuteAndNothingElse) {
  const Fact day = fact("day", minutes(1));
  share(one, {fact("minute", seconds(59)), day});
  EXPECT_EQ(inKv(), Facts{day});
}

TEST_F(LocationCacheTest, KvIsNotWrittenForWhatEndsSooner) {
  share(one, {fact("minute", seconds(59))});
  EXPECT_EQ(host.kv.writes, 0);
}

TEST_F(LocationCacheTest, KvIsNotWrittenForWhatTheLocationKnows) {
  const Fact day = fact("day", hours(5));
  share(one, {day});
  host.advance(minutes(2));
  share(other, {day});
  factsOf(other);
  EXPECT_EQ(host.kv.writes, 1);
}

TEST_F(LocationCacheTest, KvIsWrittenOnceAMinuteForAllOfTheLocationAndLosesNothing) {
  share(one, {fact("a", hours(5))});
  share(other, {fact("b", hours(5))});
  EXPECT_EQ(host.kv.writes, 1);
  EXPECT_EQ(inKv().size(), 1U);
  host.advance(minutes(1));
  factsOf(one);
  EXPECT_EQ(host.kv.writes, 2);
  EXPECT_EQ(inKv().size(), 2U);
}

TEST_F(LocationCacheTest, WhatAnotherLocationUndidInKvIsToldAgain) {
  share(one, {fact("a", hours(5))});
  host.run(host.store.share({fact("b", hours(5))}));
  host.advance(minutes(1));
  EXPECT_EQ(factsOf(one).size(), 2U);
  EXPECT_EQ(inKv().size(), 2U);
}

TEST_F(LocationCacheTest, AStoreBehindThatFailsIsLeftAloneForHalfAMinuteAndCostsNoNews) {
  const Fact cools = fact("cool", minutes(5));
  share(one, {cools});
  host.kv.broken = true;
  const int reads = host.kv.reads;
  EXPECT_EQ(factsOf(one), Facts{cools});
  EXPECT_EQ(host.kv.reads, reads + 1);
  EXPECT_TRUE(host.logger.contains("state_read_failed"));
  host.advance(seconds(29));
  factsOf(other);
  EXPECT_EQ(host.kv.reads, reads + 1);
  host.advance(seconds(1));
  factsOf(other);
  EXPECT_EQ(host.kv.reads, reads + 2);
}

// --- Tokens --------------------------------------------------------------------------------------

TEST_F(LocationCacheTest, ATokenIsFoundByNeighboursWithoutTheStoreBehind) {
  one.store.settleLater("token", "sealed\nbytes", host.clock.now() + hours(1));
  host.kv.entries.clear();
  EXPECT_EQ(claim(other), Value("sealed\nbytes"));
  EXPECT_EQ(host.kv.reads, 0);
}

TEST_F(LocationCacheTest, ATokenIsKeptBehindToo) {
  one.store.settleLater("token", "sealed", host.clock.now() + hours(1));
  cache.entries.clear();
  EXPECT_EQ(claim(other), Value("sealed"));
}

TEST_F(LocationCacheTest, ATokenThatDoesNotLastAsLongAsItIsWantedIsAskedForBehind) {
  oneOfObject.store.settleLater("token", "old", host.clock.now() + minutes(10));
  object.values["token"] = {"new", host.clock.now() + hours(1)};
  EXPECT_EQ(claim(oneOfObject, minutes(9)), Value("old"));
  EXPECT_EQ(claim(oneOfObject, minutes(10)), Value("new"));
}

TEST_F(LocationCacheTest, ATokenFromBehindIsGoodForNeighboursWhoWantNoNewerOne) {
  object.values["token"] = {"sealed", host.clock.now() + hours(1)};
  EXPECT_EQ(claim(oneOfObject), Value("sealed"));
  EXPECT_EQ(claim(otherOfObject), Value("sealed"));
  EXPECT_EQ(object.claims, 1);
  object.values["token"] = {"newer", host.clock.now() + hours(2)};
  EXPECT_EQ(claim(otherOfObject, hours(1)), Value("newer"));
  EXPECT_EQ(object.claims, 2);
}

TEST_F(LocationCacheTest, ATokenThatNobodyHasIsForTheCallerToMake) {
  EXPECT_EQ(claim(oneOfObject), std::nullopt);
  EXPECT_EQ(object.claims, 1);
  oneOfObject.store.releaseLater("token");
  EXPECT_EQ(object.releases, 1);
}

TEST_F(LocationCacheTest, ATokenThatIsErasedIsGoneInBoth) {
  one.store.settleLater("token", "sealed", host.clock.now() + hours(1));
  one.store.eraseLater("token");
  EXPECT_EQ(claim(one), std::nullopt);
  EXPECT_TRUE(host.kv.entries.empty());
}

TEST_F(LocationCacheTest, ADamagedTokenIsAskedForBehind) {
  object.values["token"] = {"sealed", host.clock.now() + hours(1)};
  for (const auto* text : {"", "sealed", "x\nsealed", "12x\nsealed"}) {
    cache.entries["token"] = {text, hours(1)};
    EXPECT_EQ(claim(oneOfObject), Value("sealed")) << text;
  }
}

}  // namespace
}  // namespace rondo::credentials
