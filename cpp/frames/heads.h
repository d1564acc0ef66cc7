#pragma once

#include <string>
#include <string_view>

#include "base/owned_bytes.h"
#include "base/result.h"
#include "gateway/client_request.h"
#include "http/message.h"

// The heads that every request has, as abi.h lays them down: worker/core/heads.ts is the other
// side.

namespace rondo::frames {

// Takes the body out of the bytes, without a copy. Broken when they are no such request.
Result<gateway::ClientRequest> readRequest(OwnedBytes bytes);

std::string writeFetchHead(const http::Request& request);

// Broken when it is none.
Result<http::ResponseHead> readAnswerHead(std::string_view bytes);

// Passed: as a stream, of which a body of Google's will be passed on.
enum class Answered { Whole, AsStream, Passed };

std::string writeRespondHead(const http::ResponseHead& head, Answered answered);

}  // namespace rondo::frames
