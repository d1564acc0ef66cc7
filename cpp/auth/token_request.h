#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"
#include "credentials/credential.h"
#include "http/message.h"

namespace rondo::auth {

// Google's token endpoint, for grants that name none.
inline constexpr std::string_view kGoogleTokenUrl = "https://oauth2.googleapis.com/token";

// The refresh grant (RFC 6749, section 6) with `refreshToken`, which may be newer than the one that
// the credential was set up with.
http::Request refreshRequest(std::string_view url, const credentials::RefreshGrant& grant,
                             const Secret& refreshToken);

// The JWT-bearer grant (RFC 7523, section 2.1).
http::Request assertionRequest(std::string_view url, std::string_view assertion);

}  // namespace rondo::auth
