#include "credentials/kv_credential_store.h"

#include <gtest/gtest.h>

#include "support/fake_host.h"
#include "support/pool_samples.h"

namespace rondo::credentials {
namespace {

using host::Fact;
using samples::kNow;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

using Facts = std::vector<Fact>;

Fact fact(std::string key, std::int64_t rank, Millis lasts = hours(1), std::string value = "{}") {
  return {std::move(key), rank, kNow + lasts, std::move(value)};
}

// A thousand and more facts, the first of which expire soonest.
Facts many(int count) {
  Facts facts;
  for (int i = 0; i < count; ++i) facts.push_back(fact("k" + std::to_string(i), 1, minutes(i + 1)));
  return facts;
}

// --- Merging -------------------------------------------------------------------------------------

TEST(MergeFactsTest, AFactThatIsNewIsTakenIn) {
  Facts known = {fact("a", 1)};
  EXPECT_TRUE(mergeFacts(known, {fact("b", 1)}, kNow));
  EXPECT_EQ(known, (Facts{fact("a", 1), fact("b", 1)}));
}

TEST(MergeFactsTest, OfTwoWithTheSameKeyTheOneOfTheHigherRankHolds) {
  Facts known = {fact("a", 5)};
  EXPECT_FALSE(mergeFacts(known, {fact("a", 4, hours(9))}, kNow));
  EXPECT_EQ(known, Facts{fact("a", 5)});
  EXPECT_TRUE(mergeFacts(known, {fact("a", 6, minutes(1))}, kNow));
  EXPECT_EQ(known, (Facts{fact("a", 6, minutes(1))}));
}

TEST(MergeFactsTest, OfTwoOfTheSameRankTheOneThatWasThereHolds) {
  Facts known = {fact("a", 5, hours(1), "first")};
  EXPECT_FALSE(mergeFacts(known, {fact("a", 5, hours(2), "second")}, kNow));
  EXPECT_EQ(known[0].value, "first");
}

TEST(MergeFactsTest, WhatHasExpiredIsDroppedAndNotTakenIn) {
  Facts known = {fact("old", 1, Millis(0)), fact("young", 1, Millis(1))};
  EXPECT_FALSE(mergeFacts(known, {fact("new", 1, Millis(0)), fact("young", 9, -hours(1))}, kNow));
  EXPECT_EQ(known, (Facts{fact("young", 1, Millis(1))}));
}

TEST(MergeFactsTest, NewsMayHoldTheSameKeyTwice) {
  Facts known;
  EXPECT_TRUE(mergeFacts(known, {fact("a", 1), fact("a", 3), fact("a", 2)}, kNow));
  EXPECT_EQ(known, Facts{fact("a", 3)});
}

TEST(MergeFactsTest, OfTooManyTheOnesThatExpireSoonestAreDropped) {
  auto known = many(1024);
  EXPECT_TRUE(mergeFacts(known, {fact("last", 1, hours(999))}, kNow));
  ASSERT_EQ(known.size(), 1024U);
  const auto holds = [&known](std::string_view key) {
    return std::ranges::find(known, key, &Fact::key) != known.end();
  };
  EXPECT_TRUE(holds("last"));
  EXPECT_FALSE(holds("k0"));
  EXPECT_TRUE(holds("k1"));
}

// --- The record ----------------------------------------------------------------------------------

TEST(FactsRecordTest, FactsAreReadAsTheyWereWritten) {
  const Facts facts = {fact("cool|a|m", 7), fact("", -1, Millis(1), ""),
                       fact("model|模型 \"x\"\n", INT64_MAX, hours(1), R"({"reason":"\"\\"})")};
  EXPECT_EQ(decodeFacts(encodeFacts(facts)), facts);
  EXPECT_TRUE(decodeFacts(encodeFacts({})).empty());
}

TEST(FactsRecordTest, AFactIsWrittenAsAListWithItsTimesInMilliseconds) {
  EXPECT_EQ(encodeFacts({{"k", 7, fromUnixMillis(1234), "v"}}), R"([["k",7,1234,"v"]])");
}

TEST(FactsRecordTest, ATextThatIsNoListHoldsNoFacts) {
  for (const auto* text : {"", "[", "{}", "7", "null", "\"k\"", R"([["k",7,1234,"v"])"}) {
    EXPECT_TRUE(decodeFacts(text).empty()) << text;
  }
}

TEST(FactsRecordTest, ElementsThatAreNoFactsAreLeftOut) {
  for (const auto* damaged : {"7", "{}", "[]", R"(["k",7,1234])", R"(["k",7,1234,"v",1])",
                              R"([1,7,1234,"v"])", R"(["k","7",1234,"v"])", R"(["k",7,null,"v"])",
                              R"(["k",7.5,1234,"v"])", R"(["k",7,1234,{}])"}) {
    const auto facts = decodeFacts(std::string("[") + damaged + R"(,["good",7,1234,"v"]])");
    ASSERT_EQ(facts.size(), 1U) << damaged;
    EXPECT_EQ(facts[0].key, "good");
  }
}

// --- Over KV -------------------------------------------------------------------------------------

class KvCredentialStoreTest : public testing::Test {
 protected:
  Facts read() { return host.run(host.store.facts()).value_or(Facts()); }
  void share(Facts facts) { EXPECT_TRUE(host.run(host.store.share(std::move(facts)))); }
  fake::FakeKv::Entry& record() { return host.kv.entries[std::string(kStateKey)]; }

  // Shares facts that last that long. How long KV then keeps the record.
  Millis ttlOf(std::vector<Millis> lengths) {
    Facts facts;
    for (const auto each : lengths) facts.push_back(fact(std::to_string(facts.size()), 1, each));
    share(std::move(facts));
    return record().ttl;
  }

  fake::FakeHost host;
};

TEST_F(KvCredentialStoreTest, SharesScarcely) {
  EXPECT_EQ(host.store.sharing(), host::CredentialStore::Sharing::Scarce);
}

TEST_F(KvCredentialStoreTest, NothingIsKnownWhereNothingWasShared) {
  EXPECT_TRUE(read().empty());
  EXPECT_TRUE(host.logger.lines.empty());
}

TEST_F(KvCredentialStoreTest, WhatWasSharedIsRead) {
  share({fact("a", 1), fact("b", 2)});
  EXPECT_EQ(read(), (Facts{fact("a", 1), fact("b", 2)}));
}

TEST_F(KvCredentialStoreTest, WhatIsSharedTakesThePlaceOfWhatWasThere) {
  share({fact("a", 1)});
  share({fact("b", 2)});
  EXPECT_EQ(read(), Facts{fact("b", 2)});
}

TEST_F(KvCredentialStoreTest, WhatHasExpiredIsNotRead) {
  share({fact("a", 1, minutes(1)), fact("b", 1, minutes(2))});
  host.clock.advance(minutes(1));
  EXPECT_EQ(read(), (Facts{fact("b", 1, minutes(2))}));
}

TEST_F(KvCredentialStoreTest, TheRecordIsKeptUntilTheLastOfItsFactsExpires) {
  EXPECT_EQ(ttlOf({minutes(2), hours(5), minutes(9)}), hours(5));
}

TEST_F(KvCredentialStoreTest, TheRecordIsKeptForAMinuteAtLeast) {
  EXPECT_EQ(ttlOf({seconds(5)}), seconds(60));
  EXPECT_EQ(ttlOf({}), seconds(60));
}

TEST_F(KvCredentialStoreTest, ADamagedRecordIsIgnoredAndLogged) {
  record().value = R"({"state":"hush"})";
  EXPECT_TRUE(read().empty());
  EXPECT_TRUE(host.logger.contains("state_ignored key=state:v1"));
  EXPECT_FALSE(host.logger.contains("hush"));
}

TEST_F(KvCredentialStoreTest, ARecordThatIsDamagedInPartIsReadAsFarAsItCanBe) {
  record().value = "[7," + encodeFacts({fact("a", 1)}).substr(1);
  EXPECT_EQ(read(), Facts{fact("a", 1)});
  EXPECT_TRUE(host.logger.lines.empty());
}

TEST_F(KvCredentialStoreTest, AStoreThatFailsSaysThatItMayWorkAgain) {
  host.kv.broken = true;
  const auto facts = host.run(host.store.facts());
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().kind, ErrorKind::Transient);
}

TEST_F(KvCredentialStoreTest, AClaimKeepsNobodyOut) {
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(host.run(host.store.claim("token", kNow)).value(), std::nullopt);
  }
}

TEST_F(KvCredentialStoreTest, AValueIsFoundUntilItIsErased) {
  host.store.settleLater("token", "t", kNow + hours(1));
  host.store.releaseLater("token");
  EXPECT_EQ(host.run(host.store.claim("token", kNow)).value(), "t");
  host.store.eraseLater("token");
  EXPECT_EQ(host.run(host.store.claim("token", kNow)).value(), std::nullopt);
}

TEST_F(KvCredentialStoreTest, AValueIsKeptForAsLongAsItIsGood) {
  host.store.settleLater("token", "t", kNow + hours(1));
  EXPECT_EQ(host.kv.entries["token"].ttl, hours(1));
}

TEST_F(KvCredentialStoreTest, AValueThatIsGoodForLessThanAMinuteIsNotWritten) {
  host.store.settleLater("token", "t", kNow + seconds(60) - Millis(1));
  EXPECT_EQ(host.kv.writes, 0);
  host.store.settleLater("token", "t", kNow + seconds(60));
  EXPECT_EQ(host.kv.writes, 1);
}

}  // namespace
}  // namespace rondo::credentials
