#pragma once

#include <optional>

#include "google/error.h"
#include "google/error_body.h"

namespace rondo::google {

// Whether the answer says that something is used up: a quota or Google's capacity.
bool isQuotaRefusal(int status, const ErrorBody& body);

// Its class, reset, reason and quota; the other fields stay as they are.
Refusal readQuotaRefusal(const ErrorBody& body, const http::Headers& headers, Instant now);

}  // namespace rondo::google
