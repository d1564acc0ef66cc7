#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "google/error_body.h"

namespace rondo::google {

// A fault of the credential itself, as a stable word: "api_key_invalid", "service_disabled". Told
// by ErrorInfo's reason (google/api/error_reason.proto), else by the message.
std::optional<std::string> readCredentialFault(const ErrorBody& body);

// Whether a 403 or a 404 is about something that the request names: stored content, a cache, a
// file, an endpoint, a tuned model. Told by the permission that is missing, else by the message.
bool isAboutNamedContent(const ErrorBody& body);

// Whether the refusal is another service's of Google's than those that serve models: one that a
// request makes use of, by what it names or by a tool.
bool isOfOtherService(const ErrorBody& body);

// Whether a permission is the one that asking a model takes.
bool isToPredict(std::string_view permission);

// Whether the refusal is about a place: the caller's, or the one that the call went to.
bool isLocationFault(const ErrorBody& body);

// Where a person can mend it: metadata first, then the first Help link that is no reading matter.
std::string mendingLink(const ErrorBody& body);

// The permission that is missing, and what it is missing on: a resource or a project.
std::string missingPermission(const ErrorBody& body);
std::string concernedResource(const ErrorBody& body);

}  // namespace rondo::google
