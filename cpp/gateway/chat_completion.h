#pragma once

#include "base/task.h"
#include "conversation/dialect.h"
#include "gateway/services.h"

namespace rondo::gateway {

// `POST /v1/chat/completions`: translated, and kept where anything is, or passed through to
// Google's own endpoint where its model is asked there. `exchange` and `dialect` outlive the task.
Task<void> chatCompletion(Exchange& exchange, const conversation::Dialect& dialect);

}  // namespace rondo::gateway
