#pragma once

#include <optional>

#include "equality/reference_messages.h"
#include "equality/target.h"

// A second, plain implementation of the way from a request to a body for Gemini: it is what
// production is compared with, and shares none of production's reading and writing of JSON. Left
// out: limits that a model showed (translation::ModelLimits), signatures that were remembered, and
// all schemas but the plainest (equality/reference_schema.h).

namespace rondo::equality {

// The body of POST /v1/chat/completions → that of generateContent, to be printed by
// equality/printing.h; nothing when it is refused.
std::optional<Value> translate(const Value& request, const Target& target);

}  // namespace rondo::equality
