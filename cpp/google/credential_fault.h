#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "google/error_body.h"

namespace rondo::google {

// A fault of the credential itself, as a stable word: "api_key_invalid", "service_disabled". Told
// by ErrorInfo's reason (google/api/error_reason.proto), else by the message.
std::optional<std::string> readCredentialFault(const ErrorBody& body);

// Whether the refusal is about a place: the caller's, or the one that the call went to.
bool isLocationFault(const ErrorBody& body);

// Where a person can mend it: metadata first, then the first Help link that is no reading matter.
std::string mendingLink(const ErrorBody& body);

// The permission that is missing, and what it is missing on: a resource or a project.
std::string missingPermission(const ErrorBody& body);
std::string concernedResource(const ErrorBody& body);

}  // namespace rondo::google
