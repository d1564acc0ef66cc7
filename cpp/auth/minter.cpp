#include "auth/minter.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "auth/jwt.h"
#include "auth/token_endpoint.h"
#include "auth/token_request.h"

namespace rondo::auth {
namespace {

// The first of the two that is there and was not tried, else an empty one.
Secret untried(const std::vector<Secret>& tried, const Secret& rotated, const Secret& configured) {
  for (const auto* each : {&rotated, &configured}) {
    if (!each->empty() && std::ranges::find(tried, *each) == tried.end()) return *each;
  }
  return Secret();
}

}  // namespace

Minter::Minter(const host::Host& host, TokenStore& store, AuthSettings settings)
    : host_(host), store_(store), settings_(std::move(settings)) {}

Task<Result<Minted>> Minter::mint(host::Io io, const Credential& credential) {
  const auto started = host_.clock.now();
  Result<Minted> result = fail(makeError(ErrorKind::Internal, "A key needs no token."));
  std::string_view source = "none";
  if (const auto* key = std::get_if<credentials::ServiceAccountKey>(&credential.grant)) {
    source = "jwt_bearer";
    result = co_await byAssertion(io, *key);
  } else if (const auto* grant = std::get_if<credentials::RefreshGrant>(&credential.grant)) {
    source = "refresh_token";
    result = co_await byRefresh(io, credential, *grant);
  }
  log(credential, source, host_.clock.now() - started, result);
  co_return result;
}

Task<Result<Minted>> Minter::byAssertion(host::Io io, const credentials::ServiceAccountKey& key) {
  auto toSign = assertionToSign(key, host_.clock.now());
  const auto signature = co_await io.crypto.signRs256(key.pkcs8, toSign);
  if (!signature) {
    auto error = signature.error();
    if (error.kind == ErrorKind::Unavailable) {
      error.message = "The private key can't be used: " + error.message;
      error.code = "private_key_unusable";
    }
    co_return fail(std::move(error));
  }
  const auto& url = settings_.tokenUrl.empty() ? key.tokenUrl : settings_.tokenUrl;
  auto request = assertionRequest(url, completeJwt(std::move(toSign), *signature));
  co_return co_await askForToken(host_.clock, io, std::move(request));
}

// The token that took the configured one's place goes first. One that Google knows no more gives
// way to the other, or to one that another isolate was given meanwhile.
Task<Result<Minted>> Minter::byRefresh(host::Io io, const Credential& credential,
                                       const credentials::RefreshGrant& grant) {
  const std::string url(settings_.tokenUrl.empty() ? kGoogleTokenUrl : settings_.tokenUrl);
  Rotated& rotated = rotated_[credential.id];
  if (rotated.state == Rotated::State::Unread) co_await readRotated(io, credential, rotated);
  std::vector<Secret> tried;
  for (;;) {
    const auto token = untried(tried, rotated.token, grant.refreshToken);
    tried.push_back(token);
    auto request = refreshRequest(url, grant, token);
    auto result = co_await askForToken(host_.clock, io, std::move(request));
    if (result) {
      co_await keepRotated(io, credential, rotated, token, result->refreshToken);
      co_return result;
    }
    if (!isDead(result.error())) co_return result;
    co_await readRotated(io, credential, rotated);
    if (untried(tried, rotated.token, grant.refreshToken).empty()) co_return result;
  }
}

Task<void> Minter::readRotated(host::Io io, const Credential& credential, Rotated& rotated) {
  auto stored = co_await store_.findRefresh(io, credential);
  if (!stored) co_return;
  rotated.state = Rotated::State::Read;
  if (*stored) rotated.token = std::move(**stored);
}

// What the next grant is to use, after `used` worked and `given` came with the answer (or nothing).
Task<void> Minter::keepRotated(host::Io io, const Credential& credential, Rotated& rotated,
                               Secret used, Secret given) {
  const auto& grant = std::get<credentials::RefreshGrant>(credential.grant);
  const auto& next = given.empty() ? used : given;
  const auto& current = rotated.token.empty() ? grant.refreshToken : rotated.token;
  if (next == current) co_return;
  if (next == grant.refreshToken) {
    rotated.token = Secret();
    store_.eraseRefresh(io, credential);
  } else {
    rotated.token = next;
    co_await store_.keepRefresh(io, credential, next);
  }
}

void Minter::log(const Credential& credential, std::string_view source, Millis took,
                 const Result<Minted>& result) {
  ++(result ? mints_.succeeded : mints_.failed);
  if (result) {
    host_.logger.log(host::LogLevel::Info, "token_minted",
                     {{"credential", credential.alias},
                      {"id", credential.id},
                      {"source", std::string(source)},
                      {"ms", took.count()}});
  } else {
    host_.logger.log(host::LogLevel::Warn, "token_failed",
                     {{"credential", credential.alias},
                      {"id", credential.id},
                      {"source", std::string(source)},
                      {"ms", took.count()},
                      {"code", result.error().code},
                      {"reason", result.error().message}});
  }
}

}  // namespace rondo::auth
