#pragma once

#include "credentials/credential.h"
#include "gateway/settings.h"
#include "google/address.h"

namespace rondo::gateway {

// Where a credential's calls go.
google::Place placeOf(const credentials::Credential& credential);

// Google's own hosts, or what the settings put in their place.
google::BaseUrls baseUrls(const Settings& settings);

}  // namespace rondo::gateway
