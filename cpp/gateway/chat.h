#pragma once

#include "base/task.h"
#include "conversation/dialect.h"
#include "gateway/services.h"

namespace rondo::gateway {

// Answers a request for a conversation in its dialect, whole or as a stream, whatever happens.
// `exchange` and `dialect` outlive the task.
Task<void> chat(Exchange& exchange, const conversation::Dialect& dialect);

}  // namespace rondo::gateway
