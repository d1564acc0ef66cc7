#pragma once

#include <optional>

#include "base/error.h"
#include "conversation/request.h"
#include "gateway/ask.h"
#include "gateway/services.h"

namespace rondo::gateway {

// Puts Google's names in the place of the ids of POST /v1/files, and has the exchange's request go
// through no credential but the one with which these files lie. BadRequest with the part's path for
// an id that is none of this client's, for one of a credential that is no longer in the pool, for
// one of a credential that may serve none of the targets, and for files of two credentials in one
// request.
std::optional<Error> useNamedFiles(Exchange& exchange, conversation::Request& request,
                                   const Targets& targets);

}  // namespace rondo::gateway
