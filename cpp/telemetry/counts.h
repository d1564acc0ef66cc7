#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "telemetry/numbers.h"

namespace rondo::telemetry {

inline constexpr Millis kMinute = std::chrono::minutes(1);
inline constexpr Millis kQuarter = std::chrono::minutes(15);

// What was counted, by key.
using Rows = std::map<std::string, Numbers, std::less<>>;

// One row that is told: in which minute, under which key. An `at` of zero is no minute: the numbers
// count for all the time since the beginning.
struct Row {
  Instant at;
  std::string key;
  Numbers numbers;
};

// What was counted in steps of time, by when each begins: so many of the latest steps, and so many
// rows in all of them. Of too many rows the oldest step goes first.
class Steps {
 public:
  Steps(Millis step, int most) : step_(step), most_(most) {}

  void add(Instant at, const std::string& key, const Numbers& numbers);
  // Drops the steps that are too old to be shown.
  void forget(Instant now);

  Millis step() const { return step_; }
  // The beginnings of the steps that are shown at `now`, oldest first.
  std::vector<Instant> shown(Instant now) const;
  // Null when nothing was counted in the step that begins then.
  const Rows* at(Instant beginning) const;

 private:
  void dropOldest();

  Millis step_;
  int most_;
  std::map<Instant, Rows> steps_;
  std::size_t rows_ = 0;
};

// What has been counted: the last hour in minutes, the last day in quarters of an hour, and all of
// it since the beginning. Bounded: a key that there is no room for is not counted.
class Counts {
 public:
  explicit Counts(Instant since) : since_(since) {}

  // In its minute and in its quarter, or in all since the beginning.
  void add(const Row& row);
  void addMinute(const Row& row) { minutes_.add(row.at, row.key, row.numbers); }
  void addQuarter(const Row& row) { quarters_.add(row.at, row.key, row.numbers); }
  void addTotal(const Row& row);

  void forget(Instant now);

  // When it began to be counted.
  Instant since() const { return since_; }
  void setSince(Instant since) { since_ = since; }
  const Steps& minutes() const { return minutes_; }
  const Steps& quarters() const { return quarters_; }
  const Rows& totals() const { return totals_; }

 private:
  static constexpr int kMostMinutes = 60;
  static constexpr int kMostQuarters = 96;

  Instant since_;
  Steps minutes_{kMinute, kMostMinutes};
  Steps quarters_{kQuarter, kMostQuarters};
  Rows totals_;
};

// [[at,"key",[number,…]],…]
std::string encodeRows(const std::vector<Row>& rows);

// What a deployment has counted, as the object tells it: {"since","minutes","quarters","totals"},
// the last three as rows, each of which may be missing. What is no row is left out.
Counts decodeCounts(std::string_view text, Instant now);

}  // namespace rondo::telemetry
