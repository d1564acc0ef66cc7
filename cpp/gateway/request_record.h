#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "conversation/answer.h"
#include "host/logger.h"
#include "telemetry/request_list.h"

namespace rondo::gateway {

using telemetry::AttemptRecord;

// What is told of a request beside its answer's head, in the log and to the operator.
struct RequestRecord {
  std::vector<AttemptRecord> attempts;
  std::optional<Instant> answering;  // When the latest attempt began.
  std::optional<conversation::Usage> usage;
  std::uint64_t sentBytes = 0;  // Of a streamed answer.
  std::string model;            // Google's name of the one that was asked last. May be empty.
  std::string error;            // The code of the error that the client got. May be empty.
  bool isBrokenOff = false;     // By us: its kind of stream can't tell why it ends.
};

// The attempts as records of a log line.
std::vector<host::LogRecord> logRecords(const std::vector<AttemptRecord>& attempts);

}  // namespace rondo::gateway
