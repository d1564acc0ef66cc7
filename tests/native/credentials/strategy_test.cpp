#include "credentials/strategy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <string>

namespace rondo::credentials {
namespace {

using testing::ElementsAre;

struct Share {
  std::string id;
  int weight = 1;
};

const std::vector<Share> kFour = {{"a"}, {"b"}, {"c"}, {"d"}};
constexpr int kConversations = 1000;

std::string conversation(int number) { return "conversation-" + std::to_string(number); }

std::string owner(const std::vector<Share>& pool, std::string_view name) {
  return std::ranges::max(
             pool, {}, [name](const Share& each) { return affinity(name, each.id, each.weight); })
      .id;
}

// How many of a thousand conversations each gets.
std::map<std::string, int> spread(const std::vector<Share>& pool) {
  std::map<std::string, int> counts;
  for (int i = 0; i < kConversations; ++i) ++counts[owner(pool, conversation(i))];
  return counts;
}

// The longest run of turns in the endless cycle that pass `index` over.
std::size_t longestWait(const std::vector<std::size_t>& cycle, std::size_t index) {
  std::size_t longest = 0;
  std::size_t wait = 0;
  for (std::size_t turn = 0; turn < 2 * cycle.size(); ++turn) {
    wait = cycle[turn % cycle.size()] == index ? 0 : wait + 1;
    longest = std::max(longest, wait);
  }
  return longest;
}

TEST(StrategyTest, EqualWeightsTakeTurnsInOrder) {
  EXPECT_THAT(weightedCycle({1, 1, 1}), ElementsAre(0, 1, 2));
}

TEST(StrategyTest, AnEmptyPoolHasNoTurns) { EXPECT_TRUE(weightedCycle({}).empty()); }

TEST(StrategyTest, TheHeavyOneIsSpreadOverTheCycle) {
  EXPECT_THAT(weightedCycle({5, 1, 1}), ElementsAre(0, 0, 1, 0, 2, 0, 0));
  EXPECT_THAT(weightedCycle({1, 2}), ElementsAre(1, 0, 1));
}

TEST(StrategyTest, EachComesAsOftenAsItsWeightAndIsNeverPassedOverForLong) {
  const std::vector<int> weights = {100, 37, 1, 62};
  const auto cycle = weightedCycle(weights);
  ASSERT_EQ(cycle.size(), 200U);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    EXPECT_EQ(std::ranges::count(cycle, i), weights[i]) << i;
    EXPECT_LE(longestWait(cycle, i), 2U * 200 / static_cast<std::size_t>(weights[i])) << i;
  }
}

TEST(StrategyTest, WeightsWithACommonDivisorMakeTheShorterCycle) {
  EXPECT_EQ(weightedCycle({20, 60, 100}), weightedCycle({1, 3, 5}));
  EXPECT_THAT(weightedCycle({100, 100}), ElementsAre(0, 1));
  EXPECT_THAT(weightedCycle({100}), ElementsAre(0));
}

TEST(StrategyTest, TheSameConversationRanksACredentialAlwaysTheSame) {
  EXPECT_EQ(affinity("talk", "a", 1), affinity("talk", "a", 1));
  EXPECT_NE(affinity("talk", "a", 1), affinity("talk", "b", 1));
  EXPECT_NE(affinity("talk", "a", 1), affinity("walk", "a", 1));
}

TEST(StrategyTest, WhereTheConversationEndsAndTheCredentialBeginsMatters) {
  EXPECT_NE(affinity("ab", "c", 1), affinity("a", "bc", 1));
}

TEST(StrategyTest, EveryRankIsAPositiveNumber) {
  for (int i = 0; i < kConversations; ++i) {
    const double rank = affinity(conversation(i), "a", 100);
    EXPECT_TRUE(std::isfinite(rank) && rank > 0) << i;
  }
}

TEST(StrategyTest, AThousandConversationsSpreadEvenlyOverFourCredentials) {
  for (const auto& [id, count] : spread(kFour)) {
    EXPECT_GE(count, 200) << id;
    EXPECT_LE(count, 300) << id;
  }
}

TEST(StrategyTest, IdsThatDifferInTheirLastDigitSpreadAsWell) {
  const std::vector<Share> alike = {{"00000000000000a0"}, {"00000000000000a1"}};
  EXPECT_NEAR(spread(alike)["00000000000000a0"], 500, 60);
}

TEST(StrategyTest, WeightsCountAsShares) {
  auto counts = spread({{"a", 1}, {"b", 1}, {"c", 2}, {"d", 6}});
  EXPECT_NEAR(counts["a"], 100, 35);
  EXPECT_NEAR(counts["b"], 100, 35);
  EXPECT_NEAR(counts["c"], 200, 50);
  EXPECT_NEAR(counts["d"], 600, 60);
}

TEST(StrategyTest, ACredentialThatDropsOutMovesItsOwnConversationsOnly) {
  const std::vector<Share> without = {{"a"}, {"b"}, {"d"}};
  std::map<std::string, int> heirs;
  for (int i = 0; i < kConversations; ++i) {
    const auto before = owner(kFour, conversation(i));
    const auto after = owner(without, conversation(i));
    if (before == "c") {
      ++heirs[after];
    } else {
      EXPECT_EQ(after, before) << i;
    }
  }
  EXPECT_EQ(heirs.size(), 3U);
}

}  // namespace
}  // namespace rondo::credentials
