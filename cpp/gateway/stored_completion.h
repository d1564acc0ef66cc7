#pragma once

#include "base/task.h"
#include "gateway/services.h"

namespace rondo::gateway {

// A chat completion where what its client wants stored is kept. `exchange` outlives the task.
Task<void> storedCompletion(Exchange& exchange);

}  // namespace rondo::gateway
