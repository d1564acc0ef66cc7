#include "gateway/context_caches.h"

#include <gtest/gtest.h>

namespace rondo::gateway {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using translation::CacheableBody;

const Instant kNow = fromUnixMillis(1'700'000'000'000);
const std::string kUser = R"({"role":"user","parts":[{"text":"u"}]})";
const std::string kModel = R"({"role":"model","parts":[{"text":"m"}]})";

// A conversation of so many exchanges, and a question.
struct Conversation {
  explicit Conversation(int exchanges) {
    text = R"({"contents":[)";
    for (int i = 0; i < exchanges; ++i) text += kUser + "," + kModel + ",";
    text += kUser + "]}";
    body = CacheableBody::read(text, "owner");
  }

  const std::string& key() const { return body->key(body->most()); }

  std::string text;
  std::optional<CacheableBody> body;
};

const Conversation& after(int exchanges) {
  static const std::vector<Conversation> all = [] {
    std::vector<Conversation> made;
    for (int i = 0; i < 8; ++i) made.emplace_back(i);
    return made;
  }();
  return all[static_cast<std::size_t>(exchanges)];
}

class ContextCachesTest : public testing::Test {
 protected:
  ContextCaches::Plan plan(int exchanges, Millis later = {}) const {
    return caches.planFor(*after(exchanges).body, "m", kNow + later);
  }
  void saw(int exchanges, std::int64_t tokens) { caches.saw(after(exchanges).key(), tokens, kNow); }
  void made(int exchanges, std::string name) {
    caches.made(after(exchanges).key(), std::move(name), kNow + kContextCacheLife);
  }

  ContextCaches caches;
};

TEST_F(ContextCachesTest, MakeNothingOfWhatWasNeverSeen) {
  EXPECT_FALSE(plan(2).make);
  EXPECT_FALSE(plan(2).used);
}

TEST_F(ContextCachesTest, MakeOneOfTheLongestBeginningThatComesAgain) {
  saw(0, 2000);
  saw(1, 3000);
  EXPECT_EQ(plan(2).make, 2U);
  EXPECT_EQ(plan(1).make, 2U);
}

TEST_F(ContextCachesTest, MakeNoneOfWhatIsTooSmall) {
  saw(1, 1023);
  EXPECT_FALSE(plan(2).make);
  saw(1, 1024);
  EXPECT_TRUE(plan(2).make);
  caches.tooSmall("m", 4096);
  EXPECT_FALSE(plan(2).make);
}

TEST_F(ContextCachesTest, MakeNoneOfWhatComesAgainAfterFiveMinutes) {
  saw(1, 2000);
  EXPECT_TRUE(plan(2, minutes(5) - Millis{1}).make);
  EXPECT_FALSE(plan(2, minutes(5)).make);
}

TEST_F(ContextCachesTest, MakeNoneThatIsBeingMade) {
  saw(1, 2000);
  caches.making(after(1).key(), kNow + seconds(60));
  EXPECT_FALSE(plan(2).make);
  EXPECT_TRUE(plan(2, seconds(60)).make);
}

TEST_F(ContextCachesTest, MakeNoLongerOneWhileAShorterOneIsBeingMade) {
  saw(1, 2000);
  saw(2, 3000);
  caches.making(after(1).key(), kNow + seconds(60));
  EXPECT_FALSE(plan(3).make);
  EXPECT_EQ(plan(3, seconds(60)).make, 4U);
}

TEST_F(ContextCachesTest, MakeNoShorterOneWhileALongerOneIsBeingMade) {
  saw(1, 2000);
  saw(2, 3000);
  caches.making(after(2).key(), kNow + seconds(60));
  EXPECT_FALSE(plan(3).make);
}

TEST_F(ContextCachesTest, AreStillBeingMadeWhenTheirBeginningComesAgain) {
  saw(1, 2000);
  caches.making(after(1).key(), kNow + seconds(60));
  saw(1, 2000);
  EXPECT_FALSE(plan(2).make);
}

TEST_F(ContextCachesTest, UseTheLongestThereIs) {
  saw(0, 2000);
  saw(1, 2000);
  made(0, "short");
  made(1, "long");
  ASSERT_TRUE(plan(3).used);
  EXPECT_EQ(plan(3).used->name, "long");
  EXPECT_EQ(plan(3).used->turns, 2U);
  EXPECT_EQ(plan(0).used->name, "short");
}

TEST_F(ContextCachesTest, UseNoneInItsLastMoments) {
  saw(1, 2000);
  made(1, "old");
  saw(1, 2000);
  EXPECT_TRUE(plan(2, kContextCacheLife - seconds(15) - Millis{1}).used);
  EXPECT_FALSE(plan(2, kContextCacheLife - seconds(15)).used);
}

TEST_F(ContextCachesTest, MakeALongerOneOnceItWouldHoldTwiceAsMuch) {
  saw(1, 2000);
  made(1, "first");
  saw(2, 3999);
  EXPECT_FALSE(plan(3).make);
  saw(2, 4000);
  EXPECT_EQ(plan(3).make, 4U);
  EXPECT_EQ(plan(3).used->name, "first");
}

TEST_F(ContextCachesTest, UseNoneThatWasForgotten) {
  saw(1, 2000);
  made(1, "gone");
  caches.forget("another");
  EXPECT_TRUE(plan(2).used);
  caches.forget("gone");
  EXPECT_FALSE(plan(2).used);
}

TEST_F(ContextCachesTest, AreAvoidedForAnOwnerUpToAMoment) {
  caches.avoid("owner", kNow + minutes(1));
  EXPECT_TRUE(caches.isAvoided("owner", kNow));
  EXPECT_FALSE(caches.isAvoided("another", kNow));
  EXPECT_FALSE(caches.isAvoided("owner", kNow + minutes(1)));
}

TEST_F(ContextCachesTest, KeepAConversationWithItsCredentialForFiveMinutes) {
  caches.keptBy("talk", "credential", kNow);
  EXPECT_EQ(caches.credentialOf("talk", kNow), "credential");
  EXPECT_EQ(caches.credentialOf("another", kNow), "");
  EXPECT_EQ(caches.credentialOf("talk", kNow + minutes(5)), "");
}

TEST_F(ContextCachesTest, RememberABoundedNumberOfOwnersAndModels) {
  saw(1, 2000);
  caches.avoid("owner", kNow + minutes(1));
  caches.tooSmall("m", 4096);
  for (int i = 1; i < 200; ++i) {
    caches.avoid(std::to_string(i), kNow + minutes(1));
    caches.tooSmall(std::to_string(i), 4096);
  }
  EXPECT_TRUE(caches.isAvoided("owner", kNow));
  EXPECT_FALSE(plan(2).make);
  caches.avoid("one more", kNow + minutes(1));
  caches.tooSmall("one more", 4096);
  EXPECT_FALSE(caches.isAvoided("owner", kNow));
  EXPECT_TRUE(plan(2).make);
}

TEST_F(ContextCachesTest, RememberABoundedNumberAndForgetTheOldest) {
  saw(1, 2000);
  for (int i = 0; i < 500; ++i) caches.saw(std::to_string(i), 2000, kNow + Millis{1});
  EXPECT_FALSE(plan(2).make);
  caches.keptBy("talk", "credential", kNow);
  for (int i = 0; i < 500; ++i) caches.keptBy(std::to_string(i), "c", kNow + Millis{1});
  EXPECT_EQ(caches.credentialOf("talk", kNow), "");
}

}  // namespace
}  // namespace rondo::gateway
