#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"

namespace rondo::telemetry {

// What is counted under one key, by place. Those at the end that are 0 may be missing.
using Numbers = std::vector<std::uint64_t>;

void addTo(Numbers& sum, const Numbers& more);

// Where a histogram's buckets end, each included. Behind the last one comes a bucket without an
// end.
inline constexpr std::array<std::uint32_t, 20> kBucketEnds = {
    25,   50,   100,  200,   300,   500,   750,   1000,  1500,   2000,
    3000, 5000, 7500, 10000, 15000, 20000, 30000, 60000, 120000, 300000};
inline constexpr std::size_t kBuckets = kBucketEnds.size() + 1;

std::size_t bucketOf(Millis span);

// The places of a series' numbers. They are what isolates of different versions tell each other:
// new ones go to the end.
struct Place {
  static constexpr std::size_t kRequests = 0;
  static constexpr std::size_t kErrors = 1;  // Requests or, of a credential, attempts that failed.
  static constexpr std::size_t kAttempts = 2;
  static constexpr std::size_t kPromptTokens = 3;
  static constexpr std::size_t kCompletionTokens = 4;
  static constexpr std::size_t kLatencySum = 5;  // Milliseconds.
  static constexpr std::size_t kFirstByteSum = 6;
  static constexpr std::size_t kLatency = 7;
  static constexpr std::size_t kFirstByte = kLatency + kBuckets;
  static constexpr std::size_t kCount = kFirstByte + kBuckets;
};

// 0 where the place is missing.
inline std::uint64_t at(const Numbers& numbers, std::size_t place) {
  return place < numbers.size() ? numbers[place] : 0;
}

// What `share` (0 to 1) of the spans in the histogram that begins at `place` do not exceed, as if
// they lay evenly within their buckets. Nothing when there is none.
std::optional<std::int64_t> percentile(const Numbers& numbers, std::size_t place, double share);

}  // namespace rondo::telemetry
