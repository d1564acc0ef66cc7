#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rondo::host {

enum class LogLevel { Debug, Info, Warn, Error };

struct LogField;
using LogRecord = std::vector<LogField>;

struct LogField {
  std::string_view key;
  std::variant<std::string, std::int64_t, std::vector<LogRecord>> value;
};

// One structured line a call: a level, a stable event name ("token_minted") and fields. No field
// ever holds a token, key, prompt or answer.
class Logger {
 public:
  virtual ~Logger() = default;
  virtual void log(LogLevel level, std::string_view event, const LogRecord& fields) = 0;
};

}  // namespace rondo::host
