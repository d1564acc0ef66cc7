#pragma once

#include "host/logger.h"

namespace rondo::gateway {

// Lets through what is at least as grave as LOG_LEVEL.
class LeveledLogger : public host::Logger {
 public:
  LeveledLogger(host::Logger& inner, host::LogLevel least) : inner_(inner), least_(least) {}

  void log(host::LogLevel level, std::string_view event, const host::LogRecord& fields) override {
    if (level >= least_) inner_.log(level, event, fields);
  }

 private:
  host::Logger& inner_;
  host::LogLevel least_;
};

}  // namespace rondo::gateway
