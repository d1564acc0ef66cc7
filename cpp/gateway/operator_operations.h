#pragma once

#include <string_view>

#include "base/task.h"
#include "gateway/services.h"

namespace rondo::gateway {

// An operation that asks something of Rondo itself and not of a model. It is none of the requests
// that are counted, and needs no KV: an operator who has yet to bind it sees his pool.
struct OperatorOperation {
  std::string_view name;
  // Answers `exchange.reply`. `exchange` outlives the task.
  Task<void> (*answer)(Exchange& exchange);
};

// Null when the operation of this name is none of the operator's. Lives forever.
const OperatorOperation* operatorOperation(std::string_view name);

}  // namespace rondo::gateway
