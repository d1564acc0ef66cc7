#pragma once

#include "credentials/credential.h"
#include "gateway/settings.h"
#include "google/address.h"
#include "http/headers.h"

namespace rondo::gateway {

// Where a credential's calls go.
google::Place placeOf(const credentials::Credential& credential);

// Whether what belongs to a project can be had through it: Vertex AI's keys call no such paths.
bool reachesProject(const credentials::Credential& credential);

// A credential's fields as Google's OpenAI-compatible endpoint wants them: it takes keys as
// OpenAI's clients send them (ai.google.dev/gemini-api/docs/openai).
http::Headers asBearer(const http::Headers& authorization);

// Google's own hosts, or what the settings put in their place.
google::BaseUrls baseUrls(const Settings& settings);

}  // namespace rondo::gateway
