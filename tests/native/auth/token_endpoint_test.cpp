#include "auth/token_endpoint.h"

#include <gtest/gtest.h>

#include "support/auth_samples.h"

namespace rondo::auth {
namespace {

class TokenEndpointTest : public testing::Test {
 protected:
  // Runs a call to its end, letting its pauses pass.
  Result<Minted> ask(std::vector<fake::Answer> answers) {
    fake_.fetcher.handler = [this, answers](const http::Request&) {
      return answers.at(fake_.fetcher.calls.size() - 1);
    };
    auto task = askForToken(fake_.clock, fake_.io, {"POST", "https://t.example/token", {}, "x"});
    task.start();
    fake_.loop.run();
    for (int i = 0; i < 5 && !task.done(); ++i) fake_.advance(Millis(100));
    return task.take();
  }

  static fake::Answer unreachable() {
    fake::Answer answer;
    answer.unreachable = true;
    return answer;
  }

  fake::FakeHost fake_;
};

TEST_F(TokenEndpointTest, ASuccessTakesOneCall) {
  EXPECT_TRUE(ask({samples::tokenAnswer("a")}));
  EXPECT_EQ(fake_.fetcher.calls.size(), 1U);
}

TEST_F(TokenEndpointTest, NoAnswerAndServerFaultsAreTriedAgain) {
  const auto minted =
      ask({unreachable(), fake::answer(503, "<html>"), samples::tokenAnswer("third")});
  ASSERT_TRUE(minted);
  EXPECT_EQ(minted->access.token.reveal(), "third");
}

TEST_F(TokenEndpointTest, ABodyThatBreaksOffIsTriedAgain) {
  auto broken = samples::tokenAnswer("a");
  broken.breaksAfter = 0;
  EXPECT_TRUE(ask({broken, samples::tokenAnswer("b")}));
}

TEST_F(TokenEndpointTest, AfterThreeAttemptsItFails) {
  const auto minted = ask({fake::answer(500, ""), fake::answer(500, ""), fake::answer(500, "")});
  ASSERT_FALSE(minted);
  EXPECT_EQ(minted.error().kind, ErrorKind::Transient);
  EXPECT_EQ(fake_.fetcher.calls.size(), 3U);
  EXPECT_EQ(fake_.fetcher.openBodies, 0);
}

TEST_F(TokenEndpointTest, ThereIsAPauseBeforeTheLastAttempt) {
  fake_.fetcher.handler = [](const http::Request&) { return fake::answer(503, ""); };
  auto task = askForToken(fake_.clock, fake_.io, {"POST", "https://t.example/token", {}, "x"});
  task.start();
  fake_.loop.run();
  fake_.advance(Millis(199));
  EXPECT_EQ(fake_.fetcher.calls.size(), 2U);
  fake_.advance(Millis(1));
  EXPECT_EQ(fake_.fetcher.calls.size(), 3U);
}

TEST_F(TokenEndpointTest, RefusalsAreNotTriedAgain) {
  EXPECT_FALSE(ask({samples::invalidGrant()}));
  EXPECT_EQ(fake_.fetcher.calls.size(), 1U);
}

TEST_F(TokenEndpointTest, ABusyEndpointIsLeftAlone) {
  EXPECT_FALSE(ask({fake::answer(429, R"({"error":"rate_limit_exceeded"})")}));
  EXPECT_EQ(fake_.fetcher.calls.size(), 1U);
}

TEST_F(TokenEndpointTest, AnEndlessAnswerIsCutOff) {
  auto endless = fake::answer(200, std::string(70'000, ' '));
  EXPECT_FALSE(ask({endless, endless, endless}));
}

}  // namespace
}  // namespace rondo::auth
