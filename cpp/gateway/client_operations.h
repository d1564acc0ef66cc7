#pragma once

#include <string_view>

#include "base/task.h"
#include "conversation/dialect.h"
#include "gateway/services.h"

namespace rondo::gateway {

// An operation of a client's that is no conversation in a dialect.
struct ClientOperation {
  std::string_view name;
  // How its client is told of what goes wrong before it begins.
  const conversation::ErrorWords& (*words)();
  // Answers `exchange.reply`. `exchange` outlives the task.
  Task<void> (*answer)(Exchange& exchange);
};

// Null when no such operation has this name. Lives forever.
const ClientOperation* clientOperation(std::string_view name);

}  // namespace rondo::gateway
