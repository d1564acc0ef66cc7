#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "conversation/answer.h"
#include "host/logger.h"

namespace rondo::gateway {

// One call to a back-end.
struct AttemptRecord {
  std::string credential;  // Its alias.
  std::string model;
  std::string outcome;  // "under_way", "ok", or the refusal's class.
  std::string reason = {};
  int status = 0;  // Google's.
  std::optional<Instant> reset = {};
  Millis took{};  // Until the answer began, or failed.
};

// What a request's log line tells beside its answer's head.
struct RequestRecord {
  std::vector<AttemptRecord> attempts;
  std::optional<Instant> answering;  // When the latest attempt began.
  std::optional<conversation::Usage> usage;
  std::uint64_t sentBytes = 0;  // Of a streamed answer.
};

// The attempts as records of a log line.
std::vector<host::LogRecord> logRecords(const std::vector<AttemptRecord>& attempts);

}  // namespace rondo::gateway
