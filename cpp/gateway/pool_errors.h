#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "gateway/services.h"
#include "google/error.h"

namespace rondo::gateway {

// Google's refusal of one attempt, as the client is told about it.
Error errorOf(const google::Refusal& refusal);

// What an operator can do about a credential that Google has refused for good.
std::string remedyOf(const google::Refusal& refusal);

// OpenAI's words for a model that is not there for the caller.
Error modelNotFound(std::string_view model);

// Why no credential could be tried for `model`: none there, none that serves it, all out of order,
// all cooling, or all without access.
Error poolError(const Services& services, std::string_view model);

}  // namespace rondo::gateway
