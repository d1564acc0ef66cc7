#include "credentials/news.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/pool_samples.h"

namespace rondo::credentials {
namespace {

using samples::cooling;
using samples::kNow;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;

using enum CredentialCools::Scope;

void cool(News& news, std::string name, Millis length, CredentialCools::Scope scope = Model) {
  news.add(CredentialCools{"a", scope, std::move(name), cooling(length)});
}

std::vector<std::string> take(News& news, Millis atLeast = Millis(1)) {
  std::vector<std::string> keys;
  for (const auto& fact : news.take(kNow, atLeast)) keys.push_back(fact.key);
  return keys;
}

TEST(NewsTest, NewsIsTakenOnce) {
  News news;
  cool(news, "m", minutes(1));
  EXPECT_THAT(take(news), ElementsAre("cool|a|m"));
  EXPECT_TRUE(take(news).empty());
}

TEST(NewsTest, WhatDoesNotLastIsDroppedAndNeverTold) {
  News news;
  cool(news, "m", minutes(1) - Millis(1));
  cool(news, "n", minutes(1));
  EXPECT_THAT(take(news, minutes(1)), ElementsAre("cool|a|n"));
  EXPECT_TRUE(take(news).empty());
}

TEST(NewsTest, OfTwoEventsAboutTheSameThingTheLastIsTold) {
  News news;
  news.add(CredentialOut{"a", {}, kNow});
  const CredentialFreed freed{"a", CredentialFreed::Extent::Everything, kNow + seconds(1)};
  news.add(freed);
  EXPECT_THAT(news.take(kNow, Millis(1)), ElementsAre(toFact(freed)));
}

TEST(NewsTest, OfTooMuchWhatIsWorthLeastIsDropped) {
  News news;
  news.add(CredentialOut{"c", {}, kNow});
  cool(news, "requests", hours(99), Quota);
  for (int i = 0; i < 600; ++i) cool(news, "m" + std::to_string(i), hours(50));
  const auto keys = take(news);
  EXPECT_EQ(keys.size(), 512U);
  EXPECT_THAT(keys, Contains("credential|c"));
  EXPECT_THAT(keys, Contains("quota|a|requests"));
}

// Ten thousand names that Google doesn't know, from this moment on.
void invent(News& news, Instant now = kNow) {
  for (int i = 0; i < 10'000; ++i) {
    const auto name = "invented-" + std::to_string(toUnixMillis(now)) + std::to_string(i);
    news.add(CredentialCools{"a", Denied, name, cooling(hours(12), "no_access", now)});
  }
}

TEST(NewsTest, FewDenialsOfNamesThatMayBeInventedAreTakenInInTwelveHours) {
  News news;
  cool(news, "m", hours(1));
  news.add(CredentialOut{"c", {}, kNow});
  invent(news);
  const auto keys = take(news);
  EXPECT_EQ(keys.size(), 18U);
  EXPECT_THAT(keys, Contains("cool|a|m"));
  EXPECT_THAT(keys, Contains("credential|c"));
  invent(news, kNow + hours(12) - Millis(1));
  EXPECT_TRUE(take(news).empty());
  invent(news, kNow + hours(12));
  EXPECT_EQ(take(news).size(), 16U);
}

}  // namespace
}  // namespace rondo::credentials
