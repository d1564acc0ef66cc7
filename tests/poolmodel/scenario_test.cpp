#include "poolmodel/scenario.h"

#include <gtest/gtest.h>

namespace rondo::poolmodel {
namespace {

// The scenario of docs/pool.md with a tenth of the isolates, for a sixth of the time.
Scenario small(Sharing sharing, double load) {
  Scenario scenario;
  scenario.sharing = sharing;
  scenario.load = load;
  scenario.isolates = 20;
  scenario.locations = 4;
  scenario.shortDay = 400;
  scenario.length = std::chrono::minutes(10);
  return scenario;
}

TEST(Pool, ServesWhatTheQuotasAllowWithKvAlone) {
  for (const double load : {0.6, 0.95, 1.5}) {
    EXPECT_GE(run(small(Sharing::KvAlone, load)).servedShare(), 0.99) << load;
  }
}

TEST(Pool, ServesWhatTheQuotasAllowWithTheObject) {
  for (const double load : {0.6, 0.95, 1.5}) {
    EXPECT_GE(run(small(Sharing::WithObject, load)).servedShare(), 0.99) << load;
  }
}

TEST(Pool, WastesFewCallsBelowItsQuotaWithKvAlone) {
  EXPECT_LE(run(small(Sharing::KvAlone, 0.6)).wastedShare(), 0.02);
}

TEST(Pool, WastesFewCallsUnderAnyLoadWithTheObject) {
  for (const double load : {0.6, 0.95, 1.5}) {
    EXPECT_LE(run(small(Sharing::WithObject, load)).wastedShare(), 0.025) << load;
  }
}

TEST(Pool, IsTheSameInEveryRunOfOneSeed) {
  const auto first = run(small(Sharing::KvAlone, 0.95));
  const auto second = run(small(Sharing::KvAlone, 0.95));
  EXPECT_EQ(first.served, second.served);
  EXPECT_EQ(first.google.calls, second.google.calls);
  EXPECT_EQ(first.stores.kvReads, second.stores.kvReads);
}

}  // namespace
}  // namespace rondo::poolmodel
