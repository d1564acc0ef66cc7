// What an operator asks of the pool, which changes nothing.
#include <gtest/gtest.h>

#include "support/pool_samples.h"

namespace rondo::credentials {
namespace {

using samples::cooling;
using samples::idOf;
using samples::kModel;
using samples::kNow;
using samples::kOther;
using samples::named;
using samples::three;
using samples::weighing;
using std::chrono::minutes;

std::string orderOf(const CredentialManager& manager, Instant now = kNow) {
  std::string order;
  for (const auto* each : manager.orderFor(kModel, now)) order += each->id;
  return order;
}

// Who is chosen by a request that is refused by each.
std::string choices(CredentialManager& manager, std::string_view conversation = {}) {
  std::string ids;
  std::vector<std::string> tried;
  while (const auto* chosen = manager.choose(
             {.model = kModel, .now = kNow, .tried = tried, .conversation = conversation})) {
    ids += chosen->id;
    tried.push_back(chosen->id);
  }
  return ids;
}

TEST(OrderFor, IsTheOneInWhichARequestIsThenServed) {
  for (const auto strategy : {Strategy::RoundRobin, Strategy::Sticky, Strategy::FillFirst}) {
    auto manager = three(strategy);
    for (int round = 0; round < 4; ++round) {
      const auto order = orderOf(manager);
      EXPECT_EQ(order.size(), 3U);
      EXPECT_EQ(choices(manager), order) << strategyName(strategy) << round;
      manager.choose({.model = kModel, .now = kNow});
    }
  }
}

TEST(OrderFor, IsOfTheWeightedTurns) {
  CredentialManager manager({weighing(1, "a"), weighing(3, "b")});
  const auto order = orderOf(manager);
  EXPECT_EQ(choices(manager), order);
}

TEST(OrderFor, ChangesNothing) {
  const auto manager = three();
  EXPECT_EQ(orderOf(manager), "abc");
  EXPECT_EQ(orderOf(manager), "abc");
}

TEST(OrderFor, LeavesOutWhatIsNotFree) {
  auto manager = three();
  manager.coolDown("a", kModel, cooling(minutes(1)));
  manager.quarantine("b", "gone", "", Healing::ByProbe, kNow);
  EXPECT_EQ(orderOf(manager), "c");
  EXPECT_EQ(orderOf(manager, kNow + minutes(10)), "abc");
}

TEST(OrderFor, ClaimsNoProbe) {
  CredentialManager manager({named("a")});
  manager.quarantine("a", "gone", "", Healing::ByProbe, kNow);
  const Instant later = kNow + minutes(10);
  EXPECT_EQ(orderOf(manager, later), "a");
  EXPECT_EQ(idOf(manager.choose({.model = kModel, .now = later})), "a");
  EXPECT_EQ(orderOf(manager, later), "");
}

TEST(OrderFor, IsEmptyWhileTheModelRests) {
  auto manager = three();
  manager.restModel(kModel, {minutes(1), minutes(1)}, kNow, kNow, "capacity");
  EXPECT_EQ(orderOf(manager), "");
}

TEST(Resting, IsEachPairAndEachModelThatRests) {
  auto manager = three();
  manager.coolDown("a", kModel, cooling(minutes(1), "day"));
  manager.denyModel("b", kOther, cooling(minutes(1), "no_access"));
  manager.restModel(kModel, {minutes(1), minutes(1)}, kNow, kNow, "capacity");
  const auto resting = manager.resting(kNow);
  ASSERT_EQ(resting.size(), 3U);
  EXPECT_EQ(resting[0].credential, nullptr);
  EXPECT_EQ(resting[0].coolDown.reason, "capacity");
  EXPECT_EQ(idOf(resting[1].credential), "a");
  EXPECT_EQ(resting[1].coolDown.reason, "day");
  EXPECT_EQ(resting[2].model, kOther);
  EXPECT_TRUE(manager.resting(kNow + minutes(1)).empty());
}

TEST(Resting, LeavesOutWhatIsInQuarantine) {
  auto manager = three();
  manager.coolDown("a", kModel, cooling(minutes(1)));
  manager.quarantine("a", "gone", "", Healing::Never, kNow);
  EXPECT_TRUE(manager.resting(kNow).empty());
}

TEST(KnownModels, AreThoseThatWereServedOrThatGoogleNamedAQuotaOf) {
  auto manager = three();
  manager.succeed("a", kOther, kNow, kNow);
  manager.coolDown("a", kModel, cooling(minutes(1)));
  manager.denyModel("a", "invented", cooling(minutes(1)));
  EXPECT_EQ(manager.knownModels(kNow),
            (std::vector<std::string>{std::string(kModel), std::string(kOther)}));
  EXPECT_EQ(manager.knownModels(kNow + minutes(1)), std::vector<std::string>{std::string(kOther)});
  EXPECT_TRUE(manager.isProven(kOther));
  EXPECT_FALSE(manager.isProven(kModel));
}

TEST(StatusOfAll, HasALineForEachEvenIfItServesAnotherModel) {
  CredentialManager manager({named("a"), named("b", {"gemma-*"})});
  manager.coolDown("a", kModel, cooling(minutes(1)));
  const auto lines = manager.statusOfAll(kModel, kNow);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].state, CredentialState::Cooling);
  EXPECT_EQ(lines[1].state, CredentialState::Ready);
}

TEST(StatusOfAll, ForNoModelIsOfWhatConcernsAllModels) {
  auto manager = three();
  manager.coolDown("a", kModel, cooling(minutes(1)));
  manager.coolDownQuota("b", "shared", cooling(minutes(1), "day"));
  const auto lines = manager.statusOfAll({}, kNow);
  EXPECT_EQ(lines[0].state, CredentialState::Ready);
  EXPECT_EQ(lines[1].state, CredentialState::Cooling);
  EXPECT_EQ(lines[1].reason, "day");
}

}  // namespace
}  // namespace rondo::credentials
