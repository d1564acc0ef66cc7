#include "auth/token_request.h"

#include <utility>

#include "http/url.h"

namespace rondo::auth {
namespace {

// A token endpoint that hangs must not hold up everybody who waits for the token.
constexpr Millis kPatience = std::chrono::seconds(20);

http::Request post(std::string_view url, std::string form) {
  return {"POST",
          std::string(url),
          {{"content-type", "application/x-www-form-urlencoded;charset=UTF-8"},
           {"accept", "application/json"}},
          std::move(form),
          kPatience};
}

}  // namespace

http::Request refreshRequest(std::string_view url, const credentials::RefreshGrant& grant,
                             const Secret& refreshToken) {
  return post(url, http::encodeForm({{"grant_type", "refresh_token"},
                                     {"refresh_token", refreshToken.reveal()},
                                     {"client_id", grant.clientId},
                                     {"client_secret", grant.clientSecret.reveal()}}));
}

http::Request assertionRequest(std::string_view url, std::string_view assertion) {
  return post(url, http::encodeForm({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                                     {"assertion", assertion}}));
}

}  // namespace rondo::auth
