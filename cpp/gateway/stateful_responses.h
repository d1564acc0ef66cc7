#pragma once

#include "base/task.h"
#include "gateway/services.h"
#include "openai/responses_request.h"

namespace rondo::gateway {

// A conversation in the dialect of Responses, for a client of whom something is stored: what it
// refers to is put into its request, and what it is answered is kept. `exchange` outlives the task.
Task<void> statefulResponses(Exchange& exchange, openai::ResponsesCall call);

}  // namespace rondo::gateway
