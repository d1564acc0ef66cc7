#include "telemetry/numbers.h"

#include <gtest/gtest.h>

#include "telemetry/labels.h"
#include "telemetry/names.h"

namespace rondo::telemetry {
namespace {

TEST(Numbers, AddUpByPlaceWhereTheShorterOneCountsAsZero) {
  Numbers sum{1, 2};
  addTo(sum, {10, 0, 5});
  EXPECT_EQ(sum, (Numbers{11, 2, 5}));
  addTo(sum, {1});
  EXPECT_EQ(sum, (Numbers{12, 2, 5}));
}

TEST(Buckets, HoldASpanUpToTheirEnd) {
  EXPECT_EQ(bucketOf(Millis{0}), 0U);
  EXPECT_EQ(bucketOf(Millis{25}), 0U);
  EXPECT_EQ(bucketOf(Millis{26}), 1U);
  EXPECT_EQ(bucketOf(Millis{300'000}), kBuckets - 2);
  EXPECT_EQ(bucketOf(Millis{300'001}), kBuckets - 1);
}

Numbers histogram(std::size_t bucket, std::uint64_t count) {
  Numbers numbers(Place::kCount);
  numbers[Place::kLatency + bucket] = count;
  return numbers;
}

TEST(Percentile, IsNothingWhereNothingWasMeasured) {
  EXPECT_EQ(percentile({}, Place::kLatency, 0.5), std::nullopt);
}

TEST(Percentile, LiesWithinTheBucketAsIfSpansWereEvenlySpread) {
  EXPECT_EQ(percentile(histogram(3, 10), Place::kLatency, 0.5), 150);
  EXPECT_EQ(percentile(histogram(3, 10), Place::kLatency, 1.0), 200);
  EXPECT_EQ(percentile(histogram(0, 2), Place::kLatency, 0.5), 13);
}

TEST(Percentile, PassesOverTheBucketsBefore) {
  Numbers numbers = histogram(0, 94);
  numbers[Place::kLatency + 8] = 6;
  EXPECT_EQ(percentile(numbers, Place::kLatency, 0.5), 13);
  EXPECT_EQ(percentile(numbers, Place::kLatency, 0.95), 1083);
}

TEST(Percentile, OfTheBucketWithoutAnEndIsWhereThatBegins) {
  EXPECT_EQ(percentile(histogram(kBuckets - 1, 1), Place::kLatency, 0.5), 300'000);
}

TEST(Names, HaveANumberEachTheSameForTheSame) {
  Names names;
  const auto one = names.indexOf("one");
  EXPECT_NE(one, names.indexOf("two"));
  EXPECT_EQ(one, names.indexOf("one"));
  EXPECT_EQ(names.nameOf(one), "one");
}

TEST(Names, AreOtherOnceSixtyFourAreKnown) {
  Names names;
  for (int i = 0; i < 64; ++i) EXPECT_NE(names.indexOf(std::to_string(i)), 0);
  EXPECT_EQ(names.indexOf("one more"), 0);
  EXPECT_EQ(names.nameOf(0), "other");
  EXPECT_NE(names.indexOf("63"), 0);
}

TEST(Names, AreCutAndHoldNoControlCharacter) {
  Names names;
  EXPECT_EQ(names.nameOf(names.indexOf("a\tb\n\x7f")), "a b  ");
  EXPECT_EQ(names.nameOf(names.indexOf("")), "unknown");
  EXPECT_EQ(names.nameOf(names.indexOf(std::string(127, 'a') + "ä")), std::string(127, 'a'));
}

TEST(Keys, AreTakenApartAsTheyWereJoined) {
  EXPECT_EQ(splitKey(joinKey({"kind", "a b", ""})),
            (std::vector<std::string_view>{"kind", "a b", ""}));
}

}  // namespace
}  // namespace rondo::telemetry
