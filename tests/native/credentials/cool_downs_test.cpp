#include "credentials/cool_downs.h"

#include <gtest/gtest.h>

#include "support/pool_samples.h"

namespace rondo::credentials {
namespace {

using samples::cooling;
using samples::kNow;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Ladder kLadder{seconds(5), seconds(60)};
constexpr Instant kAnyTime{};

bool restAt(CoolDowns& coolDowns, Instant now, Instant atLeast = kAnyTime) {
  return coolDowns.rest("m", kLadder, atLeast, now, "overloaded");
}

// When "m" is free again. Right at `now` when it is.
Instant endOf(const CoolDowns& coolDowns, Instant now, std::string_view name = "m") {
  const auto* found = coolDowns.find(name, now);
  return found ? found->until : now;
}

// Refuses each time "m" is free again, and notes how long it then rests.
std::vector<Millis> climb(CoolDowns& coolDowns, int refusals) {
  std::vector<Millis> lengths;
  Instant now = kNow;
  for (int i = 0; i < refusals; ++i) {
    restAt(coolDowns, now);
    lengths.push_back(endOf(coolDowns, now) - now);
    now = endOf(coolDowns, now);
  }
  return lengths;
}

TEST(CoolDownsTest, ACoolDownIsFoundUntilItEnds) {
  CoolDowns coolDowns;
  EXPECT_TRUE(coolDowns.extend("m", cooling(seconds(5), "quota")));
  ASSERT_TRUE(coolDowns.find("m", kNow + seconds(5) - Millis(1)));
  EXPECT_EQ(coolDowns.find("m", kNow)->reason, "quota");
  EXPECT_EQ(coolDowns.find("m", kNow)->since, kNow);
  EXPECT_EQ(coolDowns.find("m", kNow + seconds(5)), nullptr);
  EXPECT_EQ(coolDowns.find("n", kNow), nullptr);
}

TEST(CoolDownsTest, ACoolDownIsLengthenedAndNeverShortened) {
  CoolDowns coolDowns;
  coolDowns.extend("m", cooling(minutes(5), "first"));
  EXPECT_FALSE(coolDowns.extend("m", cooling(minutes(4), "shorter")));
  EXPECT_FALSE(coolDowns.extend("m", cooling(minutes(5), "as long")));
  EXPECT_EQ(coolDowns.find("m", kNow)->reason, "first");
  EXPECT_TRUE(coolDowns.extend("m", cooling(minutes(6), "longer")));
  EXPECT_EQ(coolDowns.find("m", kNow)->reason, "longer");
}

TEST(CoolDownsTest, TheLongestIsTheOneThatEndsLast) {
  CoolDowns coolDowns;
  EXPECT_EQ(coolDowns.longest(kNow), nullptr);
  coolDowns.extend("a", cooling(minutes(1), "short"));
  coolDowns.extend("b", cooling(minutes(9), "long"));
  coolDowns.extend("c", cooling(minutes(5), "middle"));
  EXPECT_EQ(coolDowns.longest(kNow)->reason, "long");
  EXPECT_EQ(coolDowns.longest(kNow + minutes(9)), nullptr);
}

TEST(CoolDownsTest, EveryOneThatHasNotEndedIsVisited) {
  CoolDowns coolDowns;
  coolDowns.extend("a", cooling(minutes(1)));
  coolDowns.extend("b", cooling(minutes(9)));
  coolDowns.extend("c", cooling(minutes(5)));
  std::string seen;
  coolDowns.forEach(kNow + minutes(1),
                    [&](const std::string& name, const CoolDown&) { seen += name; });
  EXPECT_EQ(seen, "bc");
}

TEST(CoolDownsTest, EachRestThatFollowsAnotherIsTwiceAsLongUpToTheMost) {
  CoolDowns coolDowns;
  EXPECT_EQ(climb(coolDowns, 6), (std::vector<Millis>{seconds(5), seconds(10), seconds(20),
                                                      seconds(40), seconds(60), seconds(60)}));
}

TEST(CoolDownsTest, ManyStepsStayAtTheMost) {
  CoolDowns coolDowns;
  EXPECT_EQ(climb(coolDowns, 100).back(), seconds(60));
}

TEST(CoolDownsTest, TenRefusalsWithinOneRestAreOneStep) {
  CoolDowns coolDowns;
  EXPECT_TRUE(restAt(coolDowns, kNow));
  for (int i = 1; i < 10; ++i) EXPECT_FALSE(restAt(coolDowns, kNow + Millis(i)));
  EXPECT_EQ(endOf(coolDowns, kNow), kNow + seconds(5));
  EXPECT_TRUE(restAt(coolDowns, kNow + seconds(5)));
  EXPECT_EQ(endOf(coolDowns, kNow + seconds(5)), kNow + seconds(15));
}

TEST(CoolDownsTest, StepsAreForgottenTenMinutesAfterTheEndOfTheRest) {
  for (const auto& [pause, expected] : {std::pair(minutes(10) - Millis(1), seconds(40)),
                                        std::pair(Millis(minutes(10)), seconds(5))}) {
    CoolDowns coolDowns;
    ASSERT_EQ(climb(coolDowns, 3).back(), seconds(20));
    const Instant later = kNow + seconds(35) + pause;
    restAt(coolDowns, later);
    EXPECT_EQ(endOf(coolDowns, later) - later, expected) << pause.count();
  }
}

TEST(CoolDownsTest, ARestLastsAtLeastAsLongAsWasAskedFor) {
  CoolDowns coolDowns;
  restAt(coolDowns, kNow, kNow + minutes(3));
  EXPECT_EQ(endOf(coolDowns, kNow), kNow + minutes(3));
}

TEST(CoolDownsTest, ARestLastsAsLongAsItsStepWhereLessWasAskedFor) {
  CoolDowns coolDowns;
  restAt(coolDowns, kNow, kNow + seconds(1));
  EXPECT_EQ(endOf(coolDowns, kNow), kNow + seconds(5));
}

TEST(CoolDownsTest, ALaterEndThatIsAskedForWithinARestLengthensItWithoutAStep) {
  CoolDowns coolDowns;
  restAt(coolDowns, kNow);
  EXPECT_TRUE(restAt(coolDowns, kNow + seconds(1), kNow + seconds(8)));
  EXPECT_FALSE(restAt(coolDowns, kNow + seconds(2), kNow + seconds(7)));
  EXPECT_EQ(coolDowns.find("m", kNow)->until, kNow + seconds(8));
  EXPECT_EQ(coolDowns.find("m", kNow)->since, kNow + seconds(1));
  restAt(coolDowns, kNow + seconds(8));
  EXPECT_EQ(endOf(coolDowns, kNow + seconds(8)), kNow + seconds(18));
}

TEST(CoolDownsTest, EachNameClimbsItsOwnLadder) {
  CoolDowns coolDowns;
  climb(coolDowns, 3);
  coolDowns.rest("n", kLadder, kAnyTime, kNow + minutes(1), "overloaded");
  EXPECT_EQ(endOf(coolDowns, kNow + minutes(1), "n"), kNow + minutes(1) + seconds(5));
}

TEST(CoolDownsTest, ClearingForgetsTheCoolDownAndTheSteps) {
  CoolDowns coolDowns;
  climb(coolDowns, 3);
  const Instant later = kNow + minutes(1);
  coolDowns.clear("m", later);
  EXPECT_EQ(coolDowns.find("m", kNow), nullptr);
  restAt(coolDowns, later);
  EXPECT_EQ(endOf(coolDowns, later), later + seconds(5));
}

TEST(CoolDownsTest, ClearingKeepsWhatCameSinceTheAttemptBegan) {
  for (const auto since : {kNow, kNow + Millis(1)}) {
    CoolDowns coolDowns;
    coolDowns.extend("m", cooling(minutes(1), "minute", since));
    coolDowns.clear("m", kNow);
    EXPECT_TRUE(coolDowns.find("m", kNow));
  }
}

TEST(CoolDownsTest, ClearingLeavesOtherNamesAlone) {
  CoolDowns coolDowns;
  coolDowns.extend("m", cooling(minutes(1)));
  coolDowns.clear("n", kNow + seconds(1));
  EXPECT_TRUE(coolDowns.find("m", kNow));
}

TEST(CoolDownsTest, ClearingAllEndsWhatCameByThatMomentAndNothingLater) {
  CoolDowns coolDowns;
  coolDowns.extend("before", cooling(hours(1), "", kNow - seconds(1)));
  coolDowns.extend("then", cooling(hours(1), "", kNow));
  coolDowns.extend("after", cooling(hours(1), "", kNow + Millis(1)));
  coolDowns.clearAll(kNow);
  EXPECT_FALSE(coolDowns.find("before", kNow));
  EXPECT_FALSE(coolDowns.find("then", kNow));
  EXPECT_TRUE(coolDowns.find("after", kNow));
}

TEST(CoolDownsTest, FloodedWithNamesTheOnesThatEndSoonestAreDropped) {
  CoolDowns coolDowns;
  coolDowns.extend("longest", cooling(hours(99)));
  for (int i = 0; i < 1000; ++i)
    coolDowns.extend("made-up-" + std::to_string(i), cooling(hours(1)));
  coolDowns.rest("rests", kLadder, kNow + hours(50), kNow, "overloaded");
  std::size_t count = 0;
  coolDowns.forEach(kNow, [&count](const std::string&, const CoolDown&) { ++count; });
  EXPECT_EQ(count, 128U);
  EXPECT_TRUE(coolDowns.find("longest", kNow));
  EXPECT_TRUE(coolDowns.find("rests", kNow));
}

TEST(CoolDownsTest, OfTooManyTheNewestGoesFirstWhenItEndsSoonest) {
  CoolDowns coolDowns(2);
  coolDowns.extend("a", cooling(hours(1)));
  coolDowns.extend("b", cooling(hours(2)));
  EXPECT_FALSE(coolDowns.extend("c", cooling(minutes(1))));
  EXPECT_FALSE(coolDowns.rest("c", kLadder, kAnyTime, kNow, "overloaded"));
  EXPECT_TRUE(coolDowns.find("a", kNow));
  EXPECT_FALSE(coolDowns.find("c", kNow));
  EXPECT_TRUE(coolDowns.rest("c", kLadder, kNow + hours(3), kNow, "overloaded"));
  EXPECT_FALSE(coolDowns.find("a", kNow));
  EXPECT_TRUE(coolDowns.find("b", kNow));
}

TEST(CoolDownsTest, OneThatIsTakenOutIsThereNoMore) {
  CoolDowns coolDowns;
  coolDowns.extend("m", cooling(minutes(1), "quota"));
  EXPECT_FALSE(coolDowns.take("n", kNow));
  EXPECT_FALSE(coolDowns.take("m", kNow + minutes(1)));
  EXPECT_EQ(coolDowns.take("m", kNow)->reason, "quota");
  EXPECT_FALSE(coolDowns.find("m", kNow));
}

TEST(CoolDownsTest, TheLatestRefusalIsTheOneThatCameLast) {
  CoolDowns coolDowns;
  EXPECT_EQ(coolDowns.latestRefusal(), Instant{});
  coolDowns.extend("a", cooling(hours(9), "", kNow));
  coolDowns.extend("b", cooling(hours(1), "", kNow + seconds(3)));
  coolDowns.extend("c", cooling(hours(2), "", kNow + seconds(1)));
  EXPECT_EQ(coolDowns.latestRefusal(), kNow + seconds(3));
}

TEST(CoolDownsTest, NamesShareWhatTheirFirst128BytesShare) {
  CoolDowns coolDowns;
  const std::string beginning(128, 'm');
  coolDowns.extend(beginning + "-one", cooling(minutes(1)));
  EXPECT_TRUE(coolDowns.find(beginning + "-two", kNow));
  EXPECT_FALSE(coolDowns.find(beginning.substr(1), kNow));
  coolDowns.clear(beginning, kNow + seconds(1));
  EXPECT_FALSE(coolDowns.find(beginning + "-one", kNow));
}

}  // namespace
}  // namespace rondo::credentials
