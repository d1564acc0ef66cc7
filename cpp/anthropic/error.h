#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

// Errors as Anthropic's clients read them (docs.anthropic.com/en/api/errors).

namespace rondo::anthropic {

// The HTTP status of an answer that reports `error`. 529 where it is capacity that lacks.
int errorStatus(const Error& error);

// {"type":"error","error":{"type","message"},"request_id"}
std::string errorBody(const Error& error, std::string_view requestId);

// The same as one event of a stream: what a stream ends with that doesn't go on.
std::string errorEvent(const Error& error, std::string_view requestId);

}  // namespace rondo::anthropic
