#pragma once

#include <string_view>

#include "base/result.h"
#include "conversation/request.h"

// The bodies of `POST /v1/messages` and `/v1/messages/count_tokens`. Field names and types are
// those of Anthropic's API reference (docs.anthropic.com/en/api/messages) and of its SDK's types,
// of all versions: what the newest has dropped is still read.

namespace rondo::anthropic {

// Reads the body of a request. The texts of its messages and its media are borrowed from `body`,
// which must outlive the request. An absent field and null are the same; unknown fields are
// ignored. BadRequest, with the path of the field as `param`, for whatever can't be read, and for
// tools that only Anthropic runs. `wanted` is what the address asks for: a count needs no
// `max_tokens`, and an answer of none is a count too.
Result<conversation::Request> parseMessagesRequest(std::string_view body,
                                                   conversation::Purpose wanted);

}  // namespace rondo::anthropic
