#pragma once

#include <string_view>

#include "base/error.h"
#include "gateway/services.h"
#include "google/error.h"

namespace rondo::gateway {

// Google's refusal of one attempt, as the client is told about it.
Error errorOf(const google::Refusal& refusal);

// OpenAI's words for a model that is not there for the caller.
Error modelNotFound(std::string_view model);

// Why no credential could be tried for `model`, with a line for each credential in `details`:
//   no_credentials           503  there is none
//   model_not_found          404  none serves it, or none has access
//   credentials_unavailable  503  all are out of order; says what to mend
//   model_overloaded         503  Google has no room for the model
//   insufficient_quota       429  the day is spent for all
//   rate_limit_exceeded      429  all cool
Error poolError(const Services& services, std::string_view model);

}  // namespace rondo::gateway
