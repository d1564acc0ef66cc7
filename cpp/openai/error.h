#pragma once

#include <string>

#include "base/error.h"

// Errors as OpenAI's clients read them (platform.openai.com/docs/guides/error-codes).

namespace rondo::openai {

// The HTTP status of an answer that reports `error`.
int errorStatus(const Error& error);

// {"error":{"message","type","param","code"}}. Empty `param` and `code` become null.
std::string errorBody(const Error& error);

// The same as one event of a stream, blank line included: what a stream that has begun ends with.
std::string errorEvent(const Error& error);

}  // namespace rondo::openai
