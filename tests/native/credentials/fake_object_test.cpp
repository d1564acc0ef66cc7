#include "support/fake_object.h"

#include <gtest/gtest.h>

#include "support/pool_samples.h"

// The fake is to keep the port's word on claims, since tests of tokens rely on it.
namespace rondo::credentials {
namespace {

using samples::kNow;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class FakeObjectTest : public testing::Test {
 protected:
  using Claim = Task<Result<std::optional<std::string>>>;

  Claim begin() {
    auto claim = object.claim("token", kNow + minutes(5));
    claim.start();
    host.loop.run();
    return claim;
  }

  // What a claim that is answered at once says: "-" when its holder is to make the value.
  std::string claimed() {
    return host.run(object.claim("token", kNow + minutes(5)))->value_or("-");
  }

  void settle() {
    object.settleLater("token", "t", kNow + hours(1));
    host.loop.run();
  }

  fake::FakeHost host;
  fake::FakeObject object{host};
};

TEST_F(FakeObjectTest, OneHoldsAClaimAndTheOthersWaitForItsValue) {
  EXPECT_EQ(claimed(), "-");
  auto waiting = begin();
  EXPECT_FALSE(waiting.done());
  settle();
  ASSERT_TRUE(waiting.done());
  EXPECT_EQ(waiting.take()->value_or("-"), "t");
  EXPECT_EQ(claimed(), "t");
}

TEST_F(FakeObjectTest, AClaimThatIsGivenUpPassesToOneOfThoseWhoWait) {
  claimed();
  auto first = begin();
  auto second = begin();
  object.releaseLater("token");
  host.loop.run();
  EXPECT_TRUE(first.done());
  EXPECT_FALSE(second.done());
}

TEST_F(FakeObjectTest, NobodyWaitsForLongerThanTenSeconds) {
  claimed();
  auto waiting = begin();
  host.advance(seconds(10));
  ASSERT_TRUE(waiting.done());
  EXPECT_EQ(waiting.take()->value_or("-"), "-");
}

TEST_F(FakeObjectTest, AValueThatEndsTooSoonOrIsErasedIsMadeAnew) {
  object.settleLater("token", "old", kNow + minutes(5));
  EXPECT_EQ(claimed(), "-");
  settle();
  object.eraseLater("token");
  EXPECT_EQ(claimed(), "-");
}

TEST_F(FakeObjectTest, ABrokenOneFailsEveryQuestion) {
  object.broken = true;
  EXPECT_FALSE(host.run(object.facts()));
  EXPECT_FALSE(host.run(object.share({})));
  EXPECT_FALSE(host.run(object.claim("token", kNow)));
}

}  // namespace
}  // namespace rondo::credentials
