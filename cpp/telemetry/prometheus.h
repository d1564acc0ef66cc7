#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "telemetry/counts.h"

namespace rondo::telemetry {

// Writes Prometheus' text format (version 0.0.4) at the end of a string. A family's samples follow
// its `begin`.
class PrometheusWriter {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  explicit PrometheusWriter(std::string& out) : out_(out) {}

  void begin(std::string_view name, std::string_view type, std::string_view help);
  void sample(Labels labels, std::uint64_t number);
  // Of milliseconds.
  void seconds(Labels labels, std::uint64_t millis);
  // Of a family of type histogram: the buckets from `place` on, in seconds.
  void histogram(std::string_view label, std::string_view value, const Numbers& numbers,
                 std::size_t place, std::size_t sum);

 private:
  void head(std::string_view suffix, Labels labels);

  std::string& out_;
  std::string name_;
};

// All that was counted, as families that begin with `rondo_`.
void writeCounts(PrometheusWriter& writer, const Counts& counts);

}  // namespace rondo::telemetry
