#include <gtest/gtest.h>

#include "google/quota_day.h"

namespace rondo::google {
namespace {

std::string nextAfter(std::string_view now) {
  return formatRfc3339(nextPacificMidnight(*parseRfc3339(now)));
}

TEST(QuotaDayTest, InWinterTheDayEndsAtEight) {
  EXPECT_EQ(nextAfter("2026-01-15T12:00:00Z"), "2026-01-16T08:00:00.000Z");
}

TEST(QuotaDayTest, InSummerTheDayEndsAtSeven) {
  EXPECT_EQ(nextAfter("2026-07-15T12:00:00Z"), "2026-07-16T07:00:00.000Z");
}

TEST(QuotaDayTest, TheDayIsCaliforniasAndNotTheClocks) {
  EXPECT_EQ(nextAfter("2026-07-16T06:59:59.999Z"), "2026-07-16T07:00:00.000Z");
  EXPECT_EQ(nextAfter("2026-01-16T07:59:59.999Z"), "2026-01-16T08:00:00.000Z");
}

TEST(QuotaDayTest, AtMidnightItselfANewDayHasBegun) {
  EXPECT_EQ(nextAfter("2026-07-16T07:00:00Z"), "2026-07-17T07:00:00.000Z");
  EXPECT_EQ(nextAfter("2026-01-16T08:00:00Z"), "2026-01-17T08:00:00.000Z");
}

// In 2026 the clocks go forward on 8 March at 10:00 UTC and back on 1 November at 09:00 UTC.
TEST(QuotaDayTest, TheDayTheClocksGoForwardBeginsAtEightAndEndsAtSeven) {
  EXPECT_EQ(nextAfter("2026-03-07T20:00:00Z"), "2026-03-08T08:00:00.000Z");
  EXPECT_EQ(nextAfter("2026-03-08T09:59:59Z"), "2026-03-09T07:00:00.000Z");
  EXPECT_EQ(nextAfter("2026-03-08T10:00:00Z"), "2026-03-09T07:00:00.000Z");
}

TEST(QuotaDayTest, TheDayTheClocksGoBackBeginsAtSevenAndEndsAtEight) {
  EXPECT_EQ(nextAfter("2026-10-31T20:00:00Z"), "2026-11-01T07:00:00.000Z");
  EXPECT_EQ(nextAfter("2026-11-01T08:59:59Z"), "2026-11-02T08:00:00.000Z");
  EXPECT_EQ(nextAfter("2026-11-01T09:00:00Z"), "2026-11-02T08:00:00.000Z");
}

// 02:30 UTC on 1 January is still the old year in California.
TEST(QuotaDayTest, TheYearTurnsInCaliforniaToo) {
  EXPECT_EQ(nextAfter("2027-01-01T02:30:00Z"), "2027-01-01T08:00:00.000Z");
}

// In 2027 the second Sunday of March is the 14th, the latest it can be.
TEST(QuotaDayTest, TheSundaysMoveWithTheYear) {
  EXPECT_EQ(nextAfter("2027-03-13T20:00:00Z"), "2027-03-14T08:00:00.000Z");
  EXPECT_EQ(nextAfter("2027-03-14T20:00:00Z"), "2027-03-15T07:00:00.000Z");
  EXPECT_EQ(nextAfter("2027-11-07T20:00:00Z"), "2027-11-08T08:00:00.000Z");
}

}  // namespace
}  // namespace rondo::google
