#pragma once

#include <string>

#include "base/result.h"
#include "base/task.h"
#include "base/time.h"

namespace rondo::host {

// Where the isolates of a deployment add up what they count, and settle which of them says what is
// to be said once. What fails here loses numbers, or says a thing twice, and nothing else.
class Board {
 public:
  virtual ~Board() = default;

  // What `sums` tells: all since the beginning, the last hour in minutes, the last day in quarters.
  enum class Span { Totals, Hour, Day };

  // Adds rows, in the words of telemetry/counts.h. Behind the answer.
  virtual void addLater(std::string rows) = 0;

  // The sums of all isolates, in the words of telemetry/counts.h. Transient when that failed.
  virtual Task<Result<std::string>> sums(Span span) = 0;

  // Whether nobody has said this of late, so that the caller is to say it. Nobody else is until
  // then.
  virtual Task<bool> isFirst(std::string saying, Instant until) = 0;

  // It may be said again at once. Behind the answer.
  virtual void forget(std::string saying) = 0;
};

}  // namespace rondo::host
