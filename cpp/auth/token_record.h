#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/access_token.h"

namespace rondo::auth {

// What lies in KV, by credential id.

// The key of the access token: "token:v1:<id>".
std::string tokenKey(std::string_view credentialId);

// The key of a refresh token that Google gave in place of the configured one: "refresh:v1:<id>".
std::string refreshKey(std::string_view credentialId);

// {"token":"…","expiry":<milliseconds since 1970>}
std::string encodeTokenRecord(const AccessToken& token);

// Nothing when the record is damaged or somebody else's.
std::optional<AccessToken> decodeTokenRecord(std::string_view record);

// {"refresh_token":"…"}
std::string encodeRefreshRecord(const Secret& refreshToken);
std::optional<Secret> decodeRefreshRecord(std::string_view record);

}  // namespace rondo::auth
