#include "base/time.h"

#include <gtest/gtest.h>

namespace rondo {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(DurationTest, SecondsWithAFractionAreRoundedUpToTheMillisecond) {
  EXPECT_EQ(parseDuration("60s"), seconds(60));
  EXPECT_EQ(parseDuration("34.074824224s"), Millis(34'075));
  EXPECT_EQ(parseDuration("0.5s"), Millis(500));
  EXPECT_EQ(parseDuration("51820.638305887s"), Millis(51'820'639));
}

TEST(DurationTest, MillisecondsAreNotMinutes) {
  EXPECT_EQ(parseDuration("900ms"), Millis(900));
  EXPECT_EQ(parseDuration("1.2ms"), Millis(2));
  EXPECT_EQ(parseDuration("2m"), minutes(2));
  EXPECT_EQ(parseDuration("2m5ms"), minutes(2) + Millis(5));
}

TEST(DurationTest, CompoundsAreSummedExactly) {
  EXPECT_EQ(parseDuration("13h19m1.2s"), hours(13) + minutes(19) + Millis(1'200));
  EXPECT_EQ(parseDuration("156h14m36.7s"), hours(156) + minutes(14) + Millis(36'700));
  EXPECT_EQ(parseDuration("1d2h"), days(1) + hours(2));
}

TEST(DurationTest, ZeroIsADuration) { EXPECT_EQ(parseDuration("0s"), Millis(0)); }

TEST(DurationTest, AnythingElseIsNothing) {
  for (const auto* text : {"", "5", "s", "-3s", "+3s", "5 s", "5s ", " 5s", "5x", "1e3s", ".5s",
                           "soon", "99999999999999999999999999s", "1.2.3s", "nans", "infs"}) {
    EXPECT_EQ(parseDuration(text), std::nullopt) << text;
  }
}

TEST(Rfc3339Test, ZuluAndOffsetsNameTheSameMoment) {
  const auto moment = fromUnixMillis(1'764'000'053'000);
  EXPECT_EQ(parseRfc3339("2025-11-24T16:00:53Z"), moment);
  EXPECT_EQ(parseRfc3339("2025-11-24T08:00:53-08:00"), moment);
  EXPECT_EQ(parseRfc3339("2025-11-24T21:30:53+05:30"), moment);
  EXPECT_EQ(parseRfc3339("2025-11-24t16:00:53z"), moment);
}

TEST(Rfc3339Test, FractionsAreCutToMilliseconds) {
  EXPECT_EQ(parseRfc3339("2025-11-24T16:00:53.5Z"), fromUnixMillis(1'764'000'053'500));
  EXPECT_EQ(parseRfc3339("2025-11-24T16:00:53.123999999Z"), fromUnixMillis(1'764'000'053'123));
}

TEST(Rfc3339Test, WhatIsNoMomentIsNothing) {
  for (const auto* text :
       {"", "2025-11-24", "2025-11-24T16:00:53", "2025-02-30T00:00:00Z", "2025-13-01T00:00:00Z",
        "2025-11-24T24:00:00Z", "2025-11-24T16:60:00Z", "2025-11-24T16:00:53.Z",
        "2025-11-24T16:00:53Zx", "25-11-24T16:00:53Z", "2025-11-24T16:00:53+0530"}) {
    EXPECT_EQ(parseRfc3339(text), std::nullopt) << text;
  }
}

TEST(Rfc3339Test, MomentsAreWrittenInUtcWithMilliseconds) {
  EXPECT_EQ(formatRfc3339(fromUnixMillis(1'764'000'053'007)), "2025-11-24T16:00:53.007Z");
  EXPECT_EQ(formatRfc3339(fromUnixMillis(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(UnixTimeTest, SecondsAreRoundedDown) {
  EXPECT_EQ(unixSeconds(fromUnixMillis(1'764'000'000'999)), 1'764'000'000);
  EXPECT_EQ(unixSeconds(fromUnixMillis(-1)), -1);
}

TEST(RetryAfterTest, IsRoundedUpAndAtLeastASecond) {
  EXPECT_EQ(retryAfterSeconds(Millis(1'001)), 2);
  EXPECT_EQ(retryAfterSeconds(Millis(2'000)), 2);
  EXPECT_EQ(retryAfterSeconds(Millis(0)), 1);
  EXPECT_EQ(retryAfterSeconds(Millis(-5'000)), 1);
}

}  // namespace
}  // namespace rondo
