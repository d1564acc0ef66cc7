#include "gateway/request_record.h"

#include <utility>

namespace rondo::gateway {

std::vector<host::LogRecord> logRecords(const std::vector<AttemptRecord>& attempts) {
  std::vector<host::LogRecord> records;
  for (const auto& attempt : attempts) {
    host::LogRecord record{{"credential", attempt.credential},
                           {"model", attempt.model},
                           {"class", attempt.outcome},
                           {"status", std::int64_t{attempt.status}},
                           {"ms", attempt.took.count()}};
    if (!attempt.reason.empty()) record.push_back({"reason", attempt.reason});
    if (attempt.reset) record.push_back({"reset", formatRfc3339(*attempt.reset)});
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace rondo::gateway
