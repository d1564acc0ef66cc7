#include <gtest/gtest.h>

#include <algorithm>
#include <list>

#include "auth/auth_manager.h"
#include "support/auth_samples.h"

namespace rondo::auth {
namespace {

using std::chrono::seconds;

// Several requests of one isolate that need the same token at once.
class SharedRefreshTest : public testing::Test {
 protected:
  SharedRefreshTest() {
    fake_.fetcher.holding = true;
    answerWith(samples::tokenAnswer("shared"));
  }

  void answerWith(fake::Answer answer) {
    fake_.fetcher.handler = [answer](const http::Request&) { return answer; };
  }

  void startRequests(int count) {
    for (int i = 0; i < count; ++i) {
      requests_.push_back(manager_.authorize(fake_.io, account_));
      requests_.back().start();
    }
    fake_.loop.run();
  }

  void answerOldestCall() {
    fake_.fetcher.release();
    fake_.loop.run();
  }

  std::size_t finished() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(requests_, [](const auto& request) { return request.done(); }));
  }

  std::size_t calls() const { return fake_.fetcher.calls.size(); }

  fake::FakeHost fake_;
  AuthManager manager_{fake_.host, {}};
  const credentials::Credential account_ = samples::serviceAccountCredential();
  std::list<Task<Result<http::Headers>>> requests_;
};

TEST_F(SharedRefreshTest, FiveRequestsMakeOneKvReadAndOneTokenCall) {
  startRequests(5);
  EXPECT_EQ(fake_.signals.waiting(), 4U);
  answerOldestCall();
  EXPECT_EQ(calls(), 1U);
  EXPECT_EQ(fake_.kv.reads, 1);
  EXPECT_EQ(fake_.kv.writes, 1);
  ASSERT_EQ(finished(), 5U);
  for (auto& request : requests_) {
    EXPECT_EQ(request.take()->get("authorization"), "Bearer shared");
  }
}

TEST_F(SharedRefreshTest, AFailureIsSharedToo) {
  answerWith(samples::invalidGrant());
  startRequests(5);
  answerOldestCall();
  EXPECT_EQ(calls(), 1U);
  ASSERT_EQ(finished(), 5U);
  for (auto& request : requests_) EXPECT_TRUE(isDead(request.take().error()));
}

TEST_F(SharedRefreshTest, APassingFailureIsSharedAndThenForgotten) {
  answerWith(fake::answer(429, "busy"));
  startRequests(3);
  answerOldestCall();
  EXPECT_EQ(calls(), 1U);
  ASSERT_EQ(finished(), 3U);
  for (auto& request : requests_) {
    EXPECT_EQ(request.take().error().code, "token_endpoint_failed");
  }
  answerWith(samples::tokenAnswer("later"));
  startRequests(1);
  answerOldestCall();
  EXPECT_EQ(requests_.back().take()->get("authorization"), "Bearer later");
}

TEST_F(SharedRefreshTest, EvenATokenThatIsUsedUpAtOnceIsShared) {
  answerWith(samples::tokenAnswer("short", 60));
  startRequests(4);
  answerOldestCall();
  EXPECT_EQ(calls(), 1U);
  ASSERT_EQ(finished(), 4U);
  for (auto& request : requests_) {
    EXPECT_EQ(request.take()->get("authorization"), "Bearer short");
  }
}

TEST_F(SharedRefreshTest, WhenTheLeadersClientLeavesOneOfTheOthersTakesOver) {
  startRequests(5);
  requests_.pop_front();
  fake_.loop.run();
  EXPECT_EQ(calls(), 2U);
  EXPECT_EQ(fake_.signals.waiting(), 3U);
  answerOldestCall();  // The call that nobody waits for any more.
  EXPECT_EQ(finished(), 0U);
  answerOldestCall();
  EXPECT_EQ(calls(), 2U);
  EXPECT_EQ(finished(), 4U);
}

TEST_F(SharedRefreshTest, WhenAWaitingClientLeavesTheOthersGoOn) {
  startRequests(3);
  requests_.erase(std::next(requests_.begin()));
  answerOldestCall();
  EXPECT_EQ(finished(), 2U);
  EXPECT_EQ(fake_.signals.waiting(), 0U);
}

TEST_F(SharedRefreshTest, WhenTheTimerFiresOneRefreshesByItselfAndTheOthersFollowIt) {
  startRequests(3);
  fake_.advance(seconds(10));
  EXPECT_EQ(calls(), 2U);
  EXPECT_EQ(fake_.signals.waiting(), 1U);
  answerOldestCall();
  EXPECT_EQ(finished(), 1U) << "the first leader is still served by its own call";
  answerOldestCall();
  EXPECT_EQ(finished(), 3U);
  EXPECT_EQ(calls(), 2U);
}

TEST_F(SharedRefreshTest, NobodyWaitsLongerThanTwiceForLeadersThatHang) {
  startRequests(5);
  fake_.advance(seconds(10));
  EXPECT_EQ(fake_.signals.waiting(), 3U);
  fake_.advance(seconds(10));
  EXPECT_EQ(fake_.signals.waiting(), 0U);
  EXPECT_EQ(calls(), 5U);
}

TEST_F(SharedRefreshTest, ALateLeaderDoesNotEndTheLeadOfTheOneThatTookOver) {
  startRequests(2);
  fake_.advance(seconds(10));
  EXPECT_EQ(calls(), 2U);
  requests_.pop_front();
  startRequests(1);
  EXPECT_EQ(calls(), 2U) << "the newcomer did not see the second leader";
  EXPECT_EQ(fake_.signals.waiting(), 1U);
}

TEST_F(SharedRefreshTest, OtherCredentialsDoNotWait) {
  startRequests(1);
  const auto other = samples::serviceAccountCredential("sa-2");
  auto request = manager_.authorize(fake_.io, other);
  request.start();
  fake_.loop.run();
  EXPECT_EQ(calls(), 2U);
  EXPECT_EQ(fake_.signals.waiting(), 0U);
}

TEST_F(SharedRefreshTest, LeavingTogetherLeavesNothingOpen) {
  startRequests(4);
  requests_.clear();
  fake_.loop.run();
  EXPECT_EQ(fake_.loop.openOps(), 0U);
  EXPECT_EQ(fake_.signals.waiting(), 0U);
}

}  // namespace
}  // namespace rondo::auth
