#include "telemetry/numbers.h"

#include <algorithm>
#include <cmath>

namespace rondo::telemetry {

void addTo(Numbers& sum, const Numbers& more) {
  if (sum.size() < more.size()) sum.resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i) sum[i] += more[i];
}

std::size_t bucketOf(Millis span) {
  const auto end = std::ranges::lower_bound(kBucketEnds, span.count(), {},
                                            [](std::uint32_t each) { return std::int64_t{each}; });
  return static_cast<std::size_t>(end - kBucketEnds.begin());
}

std::optional<std::int64_t> percentile(const Numbers& numbers, std::size_t place, double share) {
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) all += at(numbers, place + i);
  if (all == 0) return std::nullopt;
  const double wanted = share * static_cast<double>(all);
  double before = 0;
  for (std::size_t i = 0; i < kBucketEnds.size(); ++i) {
    const auto within = static_cast<double>(at(numbers, place + i));
    if (within > 0 && before + within >= wanted) {
      const double begin = i == 0 ? 0 : kBucketEnds[i - 1];
      const double part = (wanted - before) / within;
      return std::llround(begin + part * (kBucketEnds[i] - begin));
    }
    before += within;
  }
  return kBucketEnds.back();
}

}  // namespace rondo::telemetry
