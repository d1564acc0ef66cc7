#include "telemetry/counts.h"

#include <gtest/gtest.h>

namespace rondo::telemetry {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Instant kNoon = fromUnixMillis(1'764'028'800'000);  // 2025-11-25T00:00:00Z

TEST(Counts, AddUpInTheMinuteAndInTheQuarter) {
  Counts counts(kNoon);
  counts.add({kNoon + minutes(1), "k", {1}});
  counts.add({kNoon + minutes(1), "k", {2}});
  counts.add({kNoon + minutes(2), "k", {4}});
  EXPECT_EQ(counts.minutes().at(kNoon + minutes(1))->at("k"), Numbers{3});
  EXPECT_EQ(counts.minutes().at(kNoon + minutes(2))->at("k"), Numbers{4});
  EXPECT_EQ(counts.quarters().at(kNoon)->at("k"), Numbers{7});
  EXPECT_TRUE(counts.totals().empty());
}

TEST(Counts, AddUpForAllTimeWhatIsOfNoMinute) {
  Counts counts(kNoon);
  counts.add({Instant{}, "k", {1}});
  counts.add({Instant{}, "k", {2}});
  EXPECT_EQ(counts.totals().at("k"), Numbers{3});
  EXPECT_EQ(counts.minutes().at(Instant{}), nullptr);
}

TEST(Steps, AreShownFromTheOldestToTheOneThatGoesOn) {
  const Counts counts(kNoon);
  const auto shown = counts.minutes().shown(kNoon + Millis{90'000});
  ASSERT_EQ(shown.size(), 60U);
  EXPECT_EQ(shown.back(), kNoon + minutes(1));
  EXPECT_EQ(shown.front(), kNoon - minutes(58));
  EXPECT_EQ(counts.quarters().shown(kNoon).size(), 96U);
}

TEST(Steps, ThatAreTooOldToBeShownAreForgotten) {
  Counts counts(kNoon);
  counts.add({kNoon, "k", {1}});
  counts.forget(kNoon + minutes(59));
  EXPECT_NE(counts.minutes().at(kNoon), nullptr);
  counts.forget(kNoon + minutes(60));
  EXPECT_EQ(counts.minutes().at(kNoon), nullptr);
  EXPECT_NE(counts.quarters().at(kNoon), nullptr);
  counts.forget(kNoon + hours(24));
  EXPECT_EQ(counts.quarters().at(kNoon), nullptr);
}

TEST(Steps, GoFirstThatAreOldestWhenThereAreTooManyRows) {
  Counts counts(kNoon);
  for (int minute = 0; minute < 50; ++minute) {
    for (int key = 0; key < 100; ++key) {
      counts.add({kNoon + minutes(minute), std::to_string(key), {1}});
    }
  }
  EXPECT_EQ(counts.minutes().at(kNoon + minutes(9)), nullptr);
  EXPECT_NE(counts.minutes().at(kNoon + minutes(10)), nullptr);
}

TEST(Steps, CountARowOnceHoweverOftenItIsAddedTo) {
  Counts counts(kNoon);
  counts.add({kNoon, "k", {1}});
  for (int i = 0; i < 5000; ++i) counts.add({kNoon + minutes(1), "k", {1}});
  EXPECT_NE(counts.minutes().at(kNoon), nullptr);
}

TEST(Totals, AreBoundedInNumber) {
  Counts counts(kNoon);
  for (int i = 0; i < 2100; ++i) counts.add({Instant{}, std::to_string(i), {1}});
  EXPECT_EQ(counts.totals().size(), 2000U);
  counts.add({Instant{}, "0", {1}});
  EXPECT_EQ(counts.totals().at("0"), Numbers{2});
}

TEST(Rows, AreToldAsJson) {
  EXPECT_EQ(encodeRows({{Instant{}, "a\tb", {1, 2}}, {kNoon, "c", {}}}),
            R"([[0,"a\tb",[1,2]],[1764028800000,"c",[]]])");
}

TEST(Sums, AreReadAsTheObjectTellsThem) {
  const auto counts = decodeCounts(
      R"({"since":1764028800000,"totals":[[0,"t",[1,2]]],"minutes":[[1764028860000,"m",[3]]],)"
      R"("quarters":[[1764028800000,"q",[4]]]})",
      kNoon + hours(1));
  EXPECT_EQ(counts.since(), kNoon);
  EXPECT_EQ(counts.totals().at("t"), (Numbers{1, 2}));
  EXPECT_EQ(counts.minutes().at(kNoon + minutes(1))->at("m"), Numbers{3});
  EXPECT_EQ(counts.quarters().at(kNoon)->at("q"), Numbers{4});
}

TEST(Sums, LeaveOutWhatIsNoRow) {
  const auto counts = decodeCounts(
      R"({"totals":[[0,"a",[1]],[0,"b",[-1]],[0,"c",["1"]],["0","d",[1]],[0,5,[1]],[0,"e"],7]})",
      kNoon);
  EXPECT_EQ(counts.totals().size(), 1U);
  const auto longest = [](std::size_t numbers) {
    std::string row = R"({"totals":[[0,"a",[1)";
    for (std::size_t i = 1; i < numbers; ++i) row += ",1";
    return decodeCounts(row + "]]]}", kNoon).totals().size();
  };
  EXPECT_EQ(longest(Place::kCount), 1U);
  EXPECT_EQ(longest(Place::kCount + 1), 0U);
  EXPECT_TRUE(decodeCounts("nonsense", kNoon).totals().empty());
}

}  // namespace
}  // namespace rondo::telemetry
