#include "http/date.h"

#include <gtest/gtest.h>

namespace rondo::http {
namespace {

using std::chrono::seconds;

const Instant kNow = fromUnixMillis(1'764'000'000'000);

// The example of RFC 9110, section 5.6.7.
TEST(HttpDateTest, ReadsTheStandardsForm) {
  EXPECT_EQ(parseDate("Sun, 06 Nov 1994 08:49:37 GMT"), parseRfc3339("1994-11-06T08:49:37Z"));
}

TEST(HttpDateTest, OtherFormsAreNothing) {
  for (const auto* text : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                           "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 31 Feb 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Now 1994 08:49:37 GMT",
                           "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08-49-37 GMT"}) {
    EXPECT_EQ(parseDate(text), std::nullopt) << text;
  }
}

TEST(RetryAfterFieldTest, SecondsCountFromNow) {
  EXPECT_EQ(parseRetryAfter(" 120 ", kNow), kNow + seconds(120));
  EXPECT_EQ(parseRetryAfter("0", kNow), kNow);
}

TEST(RetryAfterFieldTest, ADateIsTakenAsItIs) {
  EXPECT_EQ(parseRetryAfter("Mon, 24 Nov 2025 16:01:30 GMT", kNow), kNow + seconds(90));
}

TEST(RetryAfterFieldTest, AbsurdSecondsAreCutToAYear) {
  EXPECT_EQ(parseRetryAfter("9000000000000000000", kNow), kNow + seconds(366 * 86400));
}

TEST(RetryAfterFieldTest, AnythingElseIsNothing) {
  for (const auto* text : {"", " ", "-5", "1.5", "5s", "soon", "99999999999999999999"}) {
    EXPECT_EQ(parseRetryAfter(text, kNow), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace rondo::http
