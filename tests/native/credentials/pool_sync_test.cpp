#include "credentials/pool_sync.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "credentials/kv_credential_store.h"
#include "support/fake_host.h"
#include "support/fake_object.h"
#include "support/pool_samples.h"

namespace rondo::credentials {
namespace {

using samples::cooling;
using samples::isFree;
using samples::kModel;
using samples::kOther;
using samples::takeOut;
using samples::three;
using samples::turns;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;

struct Isolate {
  explicit Isolate(const host::Host& host) : sync(pool, host) {}

  CredentialManager pool = three();
  PoolSync sync;
};

// Two isolates of one deployment, over the store that `io` speaks to.
class PoolSyncTest : public testing::Test {
 protected:
  void TearDown() override { tasks.clear(); }

  virtual host::Io io() { return host.io; }

  // Something that a request does, which may go on when this returns.
  void start(Task<void> task) {
    task.start();
    tasks.push_back(std::move(task));
    host.loop.run();
  }
  bool allDone() const {
    return std::ranges::all_of(tasks, [](const auto& each) { return each.done(); });
  }

  void before(Isolate& isolate) { host.run(isolate.sync.before(io())); }
  void after(Isolate& isolate) { start(isolate.sync.after(io())); }

  // A whole request through that isolate, and the second that its news may wait.
  void serve(Isolate& isolate) {
    before(isolate);
    after(isolate);
    host.advance(seconds(1));
  }

  void cool(Isolate& isolate, std::string_view id, Millis length = hours(1)) {
    isolate.pool.coolDown(id, kModel, cooling(length, "minute", host.clock.now()));
  }
  std::string turnsOf(Isolate& isolate) { return turns(isolate.pool, kModel, 3, host.clock.now()); }

  // The keys of what is written, in order.
  std::vector<std::string> written() {
    std::vector<std::string> keys;
    for (const auto& fact : decodeFacts(host.kv.entries[std::string(kStateKey)].value)) {
      keys.push_back(fact.key.substr(0, fact.key.rfind('|')));
    }
    std::ranges::sort(keys);
    return keys;
  }

  fake::FakeHost host;
  Isolate first{host.host};
  Isolate other{host.host};
  std::vector<Task<void>> tasks;
};

// --- Reading -------------------------------------------------------------------------------------

TEST_F(PoolSyncTest, AColdIsolateKnowsWhatAnotherFoundBeforeItChooses) {
  cool(first, "a");
  serve(first);
  before(other);
  EXPECT_EQ(turnsOf(other), "bcb");
}

TEST_F(PoolSyncTest, TheFirstRequestReadsAndNoneWithinTheNextMinute) {
  before(first);
  EXPECT_EQ(host.kv.reads, 1);
  host.advance(minutes(1) - Millis(1));
  before(first);
  after(first);
  EXPECT_EQ(host.kv.reads, 1);
}

TEST_F(PoolSyncTest, AfterAMinuteItIsReadAnewBehindTheAnswer) {
  before(first);
  host.advance(minutes(1));
  cool(other, "a");
  serve(other);
  const auto reads = host.kv.reads;
  before(first);
  EXPECT_EQ(host.kv.reads, reads);
  EXPECT_EQ(turnsOf(first), "abc");
  after(first);
  EXPECT_EQ(host.kv.reads, reads + 1);
  EXPECT_EQ(turnsOf(first), "bcb");
}

TEST_F(PoolSyncTest, WhatIsOlderThanTenMinutesIsReadAnewFirst) {
  before(first);
  host.advance(minutes(10) - Millis(1));
  before(first);
  EXPECT_EQ(host.kv.reads, 1);
  host.advance(Millis(1));
  before(first);
  EXPECT_EQ(host.kv.reads, 2);
}

TEST_F(PoolSyncTest, RequestsThatComeFirstTogetherShareOneReading) {
  std::vector<Task<void>> together;
  for (int i = 0; i < 5; ++i) together.push_back(first.sync.before(io()));
  for (auto& each : together) each.start();
  for (const auto& each : together) EXPECT_FALSE(each.done());
  host.loop.run();
  for (const auto& each : together) EXPECT_TRUE(each.done());
  EXPECT_EQ(host.kv.reads, 1);
}

TEST_F(PoolSyncTest, WhoWaitsForARequestThatIsGivenUpGoesOnAndTheNextOneReads) {
  auto waiting = first.sync.before(io());
  {
    auto reader = first.sync.before(io());
    reader.start();
    waiting.start();
  }
  host.loop.run();
  EXPECT_TRUE(waiting.done());
  before(first);
  EXPECT_EQ(host.kv.reads, 2);
}

// --- Writing -------------------------------------------------------------------------------------

TEST_F(PoolSyncTest, WhereNothingChangedNothingIsWritten) {
  serve(first);
  host.advance(minutes(5));
  serve(first);
  EXPECT_EQ(host.kv.writes, 0);
}

TEST_F(PoolSyncTest, ChangesThatComeTogetherAreWrittenOnceASecondAfterTheFirst) {
  before(first);
  cool(first, "a");
  after(first);
  host.advance(seconds(1) - Millis(1));
  cool(first, "b");
  after(first);
  EXPECT_EQ(host.kv.writes, 0);
  host.advance(Millis(1));
  EXPECT_EQ(host.kv.writes, 1);
  EXPECT_THAT(written(), ElementsAre("cool|a", "cool|b"));
  EXPECT_TRUE(allDone());
}

TEST_F(PoolSyncTest, AtMostOneWriteAMinuteTheRestWaits) {
  before(first);
  cool(first, "a");
  serve(first);
  for (int i = 0; i < 5; ++i) {
    first.pool.coolDown("b", "m" + std::to_string(i),
                        cooling(hours(1), "minute", host.clock.now()));
    serve(first);
  }
  EXPECT_EQ(host.kv.writes, 1);
  host.advance(minutes(1));
  serve(first);
  EXPECT_EQ(host.kv.writes, 2);
  EXPECT_EQ(written().size(), 6U);
}

TEST_F(PoolSyncTest, WhatLastsForLessThanAMinuteIsNotWritten) {
  before(first);
  cool(first, "a", minutes(1) - Millis(1));
  serve(first);
  EXPECT_EQ(host.kv.writes, 0);
}

TEST_F(PoolSyncTest, WhatNoLongerLastsAMinuteWhenItsTimeComesIsNotWritten) {
  before(first);
  cool(first, "a");
  serve(first);
  cool(first, "b", seconds(90));
  serve(first);
  host.advance(minutes(1));
  serve(first);
  EXPECT_EQ(host.kv.writes, 1);
}

TEST_F(PoolSyncTest, WhatTheOthersKnowAlreadyIsNotWritten) {
  before(first);
  host.advance(minutes(2));
  cool(other, "a");
  cool(first, "a");
  serve(other);
  serve(first);
  EXPECT_EQ(host.kv.writes, 1);
}

TEST_F(PoolSyncTest, AQuarantineThatTheOthersKnowAlreadyIsNotWritten) {
  before(first);
  host.advance(minutes(2));
  takeOut(other.pool, "a", host.clock.now());
  serve(other);
  takeOut(first.pool, "a", host.clock.now());
  serve(first);
  EXPECT_EQ(host.kv.writes, 1);
}

TEST_F(PoolSyncTest, WhatTheOthersWroteIsReadAndKept) {
  before(first);
  host.advance(minutes(2));
  cool(other, "a");
  serve(other);
  cool(first, "b");
  serve(first);
  EXPECT_THAT(written(), ElementsAre("cool|a", "cool|b"));
  EXPECT_EQ(turnsOf(first), "ccc");
}

TEST_F(PoolSyncTest, ARequestThatIsGivenUpBeforeItWritesLosesNoNews) {
  before(first);
  cool(first, "a");
  after(first);
  tasks.clear();
  host.advance(minutes(1));
  EXPECT_EQ(host.kv.writes, 0);
  serve(first);
  EXPECT_THAT(written(), ElementsAre("cool|a"));
}

TEST_F(PoolSyncTest, AQuarantineAndTheResetThatEndsItReachTheOthers) {
  takeOut(first.pool, "a", host.clock.now());
  serve(first);
  before(other);
  EXPECT_EQ(turnsOf(other), "bcb");
  host.advance(minutes(2));
  other.pool.reset("a", host.clock.now());
  serve(other);
  serve(first);
  EXPECT_EQ(turnsOf(first), "abc");
}

TEST_F(PoolSyncTest, OverKvARefusalIsInNoHurry) {
  before(first);
  cool(first, "a");
  host.run(first.sync.hurry(io()));
  EXPECT_EQ(host.kv.writes, 0);
  serve(first);
  EXPECT_EQ(host.kv.writes, 1);
}

// --- A store that fails --------------------------------------------------------------------------

TEST_F(PoolSyncTest, AStoreThatFailsHoldsNobodyUpAndIsLeftAloneForHalfAMinute) {
  host.kv.broken = true;
  before(first);
  EXPECT_TRUE(host.logger.contains("state_read_failed reason=KV GET failed"));
  cool(first, "a");
  serve(first);
  host.advance(seconds(29) - Millis(1));
  before(first);
  after(first);
  EXPECT_EQ(host.kv.reads, 1);
  EXPECT_EQ(host.kv.writes, 0);
  EXPECT_EQ(turnsOf(first), "bcb");
}

TEST_F(PoolSyncTest, AfterHalfAMinuteAStoreThatFailedIsReadAgain) {
  host.kv.broken = true;
  before(first);
  host.kv.broken = false;
  host.advance(seconds(30));
  before(first);
  EXPECT_EQ(host.kv.reads, 2);
}

TEST_F(PoolSyncTest, ARecordThatCouldNotBeReadIsNotOverwritten) {
  cool(other, "a");
  serve(other);
  host.kv.broken = true;
  before(first);
  host.kv.broken = false;
  host.advance(seconds(10));
  cool(first, "b");
  serve(first);
  EXPECT_EQ(host.kv.writes, 1);
  host.advance(minutes(1));
  serve(first);
  EXPECT_THAT(written(), ElementsAre("cool|a", "cool|b"));
}

TEST_F(PoolSyncTest, ARecordWhoseReadingHangsIsNotOverwritten) {
  cool(other, "b");
  serve(other);
  host.kv.silent = true;
  start(first.sync.before(io()));
  cool(first, "a");
  after(first);
  host.advance(seconds(1));
  host.advance(seconds(2));
  EXPECT_THAT(written(), ElementsAre("cool|b"));
}

TEST_F(PoolSyncTest, NewsWithinHalfAMinuteOfAFailureAreToldLater) {
  before(first);
  host.advance(seconds(50));
  host.kv.broken = true;
  takeOut(first.pool, "c", host.clock.now());
  first.pool.reset("c", host.clock.now() + Millis(1));
  cool(first, "a");
  host.advance(seconds(10));
  host.run(first.sync.before(io()));
  serve(first);
  host.kv.broken = false;
  host.advance(minutes(2));
  serve(first);
  host.advance(minutes(1));
  serve(first);
  EXPECT_THAT(written(), ElementsAre("cool|a", "credential"));
}

TEST_F(PoolSyncTest, WhatWasWrittenAndIsNotThereAtTheNextReadingIsWrittenAgain) {
  before(first);
  cool(first, "a");
  first.pool.reset("b", host.clock.now());
  serve(first);
  host.kv.entries.erase(std::string(kStateKey));  // The write failed, or another's undid it.
  host.advance(minutes(1));
  serve(first);
  host.advance(minutes(1));
  serve(first);
  EXPECT_THAT(written(), ElementsAre("cool|a", "credential"));
  const auto writes = host.kv.writes;
  for (int i = 0; i < 5; ++i) {
    host.advance(minutes(1));
    serve(first);
  }
  EXPECT_EQ(host.kv.writes, writes);
}

TEST_F(PoolSyncTest, WhatWasWrittenIsNotWrittenAgainWhenAResetElsewhereVoidedIt) {
  before(first);
  cool(first, "a");
  serve(first);
  host.advance(minutes(2));
  before(other);
  other.pool.reset("a", host.clock.now());
  serve(other);
  const auto writes = host.kv.writes;
  for (int i = 0; i < 5; ++i) {
    host.advance(minutes(1));
    serve(first);
  }
  EXPECT_EQ(host.kv.writes, writes);
  EXPECT_EQ(turnsOf(first), "abc");
}

TEST_F(PoolSyncTest, InventedNamesTakeALittleOfTheRecordAndPushNothingOut) {
  cool(first, "b");
  takeOut(first.pool, "c", host.clock.now());
  serve(first);
  for (int isolate = 0; isolate < 20; ++isolate) {
    Isolate another(host.host);
    for (int i = 0; i < 500; ++i) {
      another.pool.denyModel("a", "invented-" + std::to_string(isolate * 1000 + i),
                             cooling(hours(12), "no_access", host.clock.now()));
    }
    serve(another);
  }
  const auto keys = written();
  EXPECT_EQ(std::ranges::count(keys, "deny|a"), 64);
  EXPECT_EQ(std::ranges::count(keys, "cool|b"), 1);
  EXPECT_EQ(std::ranges::count(keys, "credential"), 1);
}

// --- A record that no rule makes -----------------------------------------------------------------

class PlantedRecordTest : public PoolSyncTest {
 protected:
  void SetUp() override {
    const auto end = fromUnixMillis(std::numeric_limits<std::int64_t>::max());
    const std::int64_t rank = std::numeric_limits<std::int64_t>::max();
    const std::string value =
        R"({"reason":"x","since":9223372036854775807,"probe":9223372036854775807})";
    const std::vector<host::Fact> facts{{"cool|a|" + std::string(kModel), rank, end, value},
                                        {"quota|a|requests", rank, end, value},
                                        {"credential|a", rank, end, value}};
    host.kv.entries[std::string(kStateKey)] = {encodeFacts(facts), minutes(1)};
  }

  // Requests of both isolates, over so many minutes.
  void pass(int count) {
    for (int i = 0; i < count; ++i) {
      serve(first);
      serve(other);
      host.advance(minutes(1));
    }
  }
};

TEST_F(PlantedRecordTest, AResetEndsWhatItSaidInEachIsolateForGood) {
  pass(1);
  EXPECT_EQ(turnsOf(first), "bcb");
  first.pool.reset("a", host.clock.now());
  pass(5);
  Isolate cold{host.host};
  before(cold);
  for (const auto* isolate : {&first, &other, &cold}) {
    EXPECT_TRUE(isFree(isolate->pool, "a", kModel, host.clock.now()));
  }
}

TEST_F(PlantedRecordTest, AResetWinsThoughTheRecordIsReadAgainBeforeItIsTold) {
  before(first);
  host.advance(seconds(10));
  first.pool.reset("a", host.clock.now());
  after(first);
  host.advance(seconds(1));
  EXPECT_EQ(turnsOf(first), "abc");
  before(other);
  EXPECT_EQ(turnsOf(other), "abc");
}

TEST_F(PlantedRecordTest, NewsOfTheSameNamesAreWrittenAfterAReset) {
  pass(1);
  first.pool.reset("a", host.clock.now());
  pass(2);
  cool(other, "a");
  pass(2);
  EXPECT_THAT(written(), ElementsAre("cool|a", "credential"));
  EXPECT_EQ(turnsOf(first), "bcb");
  takeOut(first.pool, "a", host.clock.now());
  pass(3);
  EXPECT_TRUE(other.pool.isQuarantined("a"));
}

TEST_F(PlantedRecordTest, ItIsWrittenAnewWithinReachOnce) {
  serve(first);
  EXPECT_EQ(host.kv.writes, 1);
  for (const auto& fact : decodeFacts(host.kv.entries[std::string(kStateKey)].value)) {
    EXPECT_LE(fact.expires, host.clock.now() + hours(7 * 24)) << fact.key;
    EXPECT_LE(fact.rank, toUnixMillis(host.clock.now() + hours(7 * 24))) << fact.key;
  }
  host.advance(minutes(1));
  pass(5);
  EXPECT_EQ(host.kv.writes, 1);
}

// --- Over an object ------------------------------------------------------------------------------

class PromptPoolSyncTest : public PoolSyncTest {
 protected:
  host::Io io() override { return object.io(); }
  void hurry(Isolate& isolate) { host.run(isolate.sync.hurry(io())); }

  fake::FakeObject object{host};
};

TEST_F(PromptPoolSyncTest, ARefusalIsToldAtOnceAndSeenElsewhereWithinASecond) {
  before(other);
  cool(first, "a");
  hurry(first);
  EXPECT_EQ(object.writes, 1);
  host.advance(seconds(1));
  before(other);
  EXPECT_EQ(turnsOf(other), "bcb");
}

TEST_F(PromptPoolSyncTest, ItIsReadFourTimesASecondAtMost) {
  before(first);
  host.advance(Millis(249));
  before(first);
  EXPECT_EQ(object.reads, 1);
  host.advance(Millis(1));
  before(first);
  EXPECT_EQ(object.reads, 2);
}

TEST_F(PromptPoolSyncTest, WhoTellsARefusalLearnsWhatOthersToldMeanwhile) {
  before(first);
  cool(other, "b");
  hurry(other);
  cool(first, "a");
  hurry(first);
  EXPECT_EQ(turnsOf(first), "ccc");
}

TEST_F(PromptPoolSyncTest, WhatIsSoonOverIsToldToo) {
  cool(first, "a", seconds(5));
  hurry(first);
  before(other);
  EXPECT_EQ(turnsOf(other), "bcb");
}

TEST_F(PromptPoolSyncTest, WhereNothingChangedNothingIsTold) {
  hurry(first);
  after(first);
  EXPECT_EQ(object.writes, 0);
}

TEST_F(PromptPoolSyncTest, WhatTheOthersKnowAlreadyIsNotTold) {
  cool(first, "a");
  cool(other, "a");
  hurry(first);
  before(other);
  hurry(other);
  EXPECT_EQ(object.writes, 1);
}

TEST_F(PromptPoolSyncTest, WhatIsLeftToTellIsToldBehindTheAnswer) {
  takeOut(first.pool, "a", host.clock.now());
  after(first);
  EXPECT_TRUE(allDone());
  before(other);
  EXPECT_EQ(turnsOf(other), "bcb");
}

TEST_F(PromptPoolSyncTest, TwoThatTellAtTheSameTimeUndoNothingOfEachOther) {
  before(first);
  before(other);
  cool(first, "a");
  cool(other, "b");
  hurry(first);
  hurry(other);
  host.advance(seconds(1));
  before(first);
  before(other);
  EXPECT_EQ(turnsOf(first), "ccc");
  EXPECT_EQ(turnsOf(other), "ccc");
}

TEST_F(PromptPoolSyncTest, NothingGoesToKv) {
  cool(first, "a");
  hurry(first);
  serve(first);
  EXPECT_EQ(host.kv.reads + host.kv.writes, 0);
}

TEST_F(PromptPoolSyncTest, AnObjectThatCannotBeReadIsLeftAloneForHalfAMinute) {
  object.broken = true;
  before(first);
  cool(first, "a");
  hurry(first);
  host.advance(seconds(30) - Millis(1));
  before(first);
  EXPECT_EQ(object.reads + object.writes, 1);
  object.broken = false;
  host.advance(Millis(1));
  before(first);
  EXPECT_EQ(object.reads, 2);
}

TEST_F(PromptPoolSyncTest, AnObjectThatCannotBeToldIsLeftAloneForHalfAMinute) {
  before(first);
  object.broken = true;
  cool(first, "a");
  hurry(first);
  EXPECT_TRUE(host.logger.contains("state_write_failed reason=the object is gone"));
  host.advance(seconds(30) - Millis(1));
  cool(first, "b");
  hurry(first);
  before(first);
  EXPECT_EQ(object.reads + object.writes, 2);
  host.advance(Millis(1));
  cool(first, "c");
  hurry(first);
  EXPECT_EQ(object.writes, 2);
}

TEST_F(PromptPoolSyncTest, NewsThatCouldNotBeToldAreToldLaterAResetTooAndBothKindsOnce) {
  takeOut(other.pool, "c", host.clock.now());
  hurry(other);
  before(first);
  object.broken = true;
  cool(first, "a");
  hurry(first);
  host.advance(seconds(1));
  first.pool.reset("c", host.clock.now());
  hurry(first);
  object.broken = false;
  after(first);
  EXPECT_EQ(object.known.size(), 1U);
  host.advance(seconds(30));
  const auto writes = object.writes;
  after(first);
  after(first);
  EXPECT_EQ(object.writes, writes + 1);
  before(other);
  EXPECT_EQ(turnsOf(other), "bcb");
}

TEST_F(PromptPoolSyncTest, NewsOfARequestThatIsGivenUpWhileItTellsAreToldByTheNext) {
  before(first);
  cool(first, "a");
  object.silent = true;
  start(first.sync.hurry(io()));
  tasks.clear();
  object.silent = false;
  after(first);
  before(other);
  EXPECT_EQ(turnsOf(other), "bcb");
}

TEST_F(PromptPoolSyncTest, ACoolDownThatAResetVoidedMakesRoomForAShorterOne) {
  cool(first, "a", hours(5));
  hurry(first);
  before(other);
  host.advance(seconds(1));
  other.pool.reset("a", host.clock.now());
  hurry(other);
  host.advance(minutes(1));
  before(first);
  EXPECT_EQ(turnsOf(first), "abc");
  cool(first, "a", hours(1));
  hurry(first);
  host.advance(seconds(1));
  before(other);
  EXPECT_EQ(turnsOf(other), "bcb");
}

TEST_F(PromptPoolSyncTest, WhoWaitsForAReadingThatDoesNotComeGoesOnAfterTwoSeconds) {
  object.silent = true;
  start(first.sync.before(io()));
  auto waiting = first.sync.before(io());
  waiting.start();
  host.advance(seconds(2) - Millis(1));
  EXPECT_FALSE(waiting.done());
  host.advance(Millis(1));
  EXPECT_TRUE(waiting.done());
}

}  // namespace
}  // namespace rondo::credentials
