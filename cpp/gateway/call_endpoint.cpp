#include "gateway/call_endpoint.h"

#include "gateway/place.h"
#include "gateway/pool_errors.h"

namespace rondo::gateway {
namespace {

using credentials::Credential;
using credentials::CredentialKind;
using google::Refusal;
using google::RefusalClass;

// Longer error bodies than this say nothing more.
constexpr std::size_t kMaxErrorBytes = 256 * 1024;

// How long a credential rests for a model when Google refuses a token that was minted a moment ago.
constexpr Millis kFreshTokenRefused = std::chrono::minutes(5);

bool isSuccess(int status) { return status >= 200 && status < 300; }

Refusal transient(std::string reason, std::string message) {
  Refusal refusal;
  refusal.refusal = RefusalClass::Transient;
  refusal.reason = std::move(reason);
  refusal.message = std::move(message);
  return refusal;
}

Refusal refusalOf(const Error& error) {
  Refusal refusal = transient(error.code, error.message);
  if (error.code == auth::kCredentialDead) refusal.refusal = RefusalClass::DeadCredential;
  return refusal;
}

}  // namespace

EndpointCall::EndpointCall(const Exchange& exchange, Endpoint endpoint)
    : exchange_(exchange),
      endpoint_(std::move(endpoint)),
      deadline_(exchange.services.host.clock.now() + exchange.services.settings.attemptDeadline) {}

Task<std::expected<host::Fetched, Rejection>> EndpointCall::next() {
  while (pick() != nullptr) {
    auto outcome = co_await attempt();
    if (outcome) co_return std::move(*outcome);
    Refused refused = std::move(outcome.error());
    log(refused.refusal);
    const Verdict verdict = judge(refused.refusal);
    if (refused.error) last_ = std::move(refused.error);
    if (verdict == Verdict::PassOn) {
      co_return std::unexpected(Rejection{refused.error ? *last_ : errorOf(refused.refusal),
                                          std::move(refused.refusal), std::move(refused.body)});
    }
  }
  co_return std::unexpected(Rejection{exhausted(), {}, {}});
}

std::optional<Error> EndpointCall::reject(const Error& error, std::string_view googleError) {
  const Refusal refusal =
      googleError.empty()
          ? transient(error.code, error.message)
          : google::classify(200, {}, googleError, exchange_.services.host.clock.now());
  log(refusal);
  if (judge(refusal) == Verdict::PassOn) return errorOf(refusal);
  if (googleError.empty()) last_ = error;
  return std::nullopt;
}

void EndpointCall::accept() { exchange_.services.pool.clear(credential_->id, endpoint_.model); }

http::Headers EndpointCall::headers() const {
  http::Headers headers{{"x-rondo-attempts", std::to_string(attempts_)}};
  if (credential_) headers.set("x-rondo-credential", credential_->alias);
  return headers;
}

const Credential* EndpointCall::pick() {
  const Instant now = exchange_.services.host.clock.now();
  if (attempts_ >= exchange_.services.settings.maxAttempts || now >= deadline_) return nullptr;
  if (repeat_) {
    repeat_ = false;
    return credential_;
  }
  const Credential* chosen = attempts_ == 0 ? preferred(now) : nullptr;
  if (!chosen) chosen = exchange_.services.pool.choose(endpoint_.model, now, tried_);
  if (!chosen) return nullptr;
  tried_.push_back(chosen->id);
  refreshed_ = false;
  return credential_ = chosen;
}

const Credential* EndpointCall::preferred(Instant now) const {
  const auto& pool = exchange_.services.pool;
  return pool.isFree(endpoint_.preferred, endpoint_.model, now) ? pool.find(endpoint_.preferred)
                                                                : nullptr;
}

Task<std::expected<host::Fetched, EndpointCall::Refused>> EndpointCall::attempt() {
  ++attempts_;
  auto authorization = co_await exchange_.services.auth.authorize(exchange_.io, *credential_);
  if (!authorization) {
    co_return std::unexpected(Refused{refusalOf(authorization.error()), {}, {}});
  }
  authorization_ = *authorization;
  auto url = google::methodUrl(baseUrls(exchange_.services.settings), placeOf(*credential_),
                               endpoint_.model, endpoint_.method);
  Result<std::string> body = url;
  if (url) body = co_await endpoint_.bodyFor(*credential_);
  if (!body) {
    Refusal fault;
    fault.refusal = RefusalClass::RequestFault;
    fault.reason = body.error().code;
    fault.message = body.error().message;
    co_return std::unexpected(Refused{std::move(fault), {}, body.error()});
  }
  http::Request request{"POST", std::move(*url), *authorization, std::move(*body)};
  request.headers.set("content-type", "application/json");
  co_return co_await send(std::move(request));
}

Task<std::expected<host::Fetched, EndpointCall::Refused>> EndpointCall::send(
    http::Request request) {
  auto fetched = co_await exchange_.io.fetcher.fetch(std::move(request));
  if (!fetched) {
    co_return std::unexpected(Refused{transient("network_error", fetched.error().message), {}, {}});
  }
  if (isSuccess(fetched->head.status)) co_return std::move(*fetched);
  const auto body = co_await host::readAll(*fetched->body, kMaxErrorBytes);
  const std::string text = body.value_or("");
  co_return std::unexpected(Refused{google::classify(fetched->head.status, fetched->head.headers,
                                                     text, exchange_.services.host.clock.now()),
                                    text,
                                    {}});
}

EndpointCall::Verdict EndpointCall::judge(const Refusal& refusal) {
  auto& pool = exchange_.services.pool;
  const Instant now = exchange_.services.host.clock.now();
  switch (refusal.refusal) {
    case RefusalClass::FixToken: last_ = errorOf(refusal); return judgeToken();
    case RefusalClass::Minute:
    case RefusalClass::Day:
    case RefusalClass::Capacity:
    case RefusalClass::NoAccess:
      pool.coolDown(credential_->id, endpoint_.model, refusal.resetAt.value_or(now),
                    std::string(google::refusalName(refusal.refusal)));
      return Verdict::TryOn;
    case RefusalClass::DeadCredential:
      pool.quarantine(credential_->id, {refusal.reason, remedyOf(refusal), now});
      return Verdict::TryOn;
    case RefusalClass::Location:
      last_ = errorOf(refusal);
      skipPlace();
      return Verdict::TryOn;
    case RefusalClass::Transient: last_ = errorOf(refusal); return Verdict::TryOn;
    case RefusalClass::RequestFault:
    case RefusalClass::MendRequest: return Verdict::PassOn;
  }
  return Verdict::PassOn;
}

EndpointCall::Verdict EndpointCall::judgeToken() {
  auto& services = exchange_.services;
  const Instant now = services.host.clock.now();
  if (credential_->kind == CredentialKind::ApiKey) {
    services.pool.quarantine(
        credential_->id, {"api_key_refused", "Google doesn't accept this key. Replace it.", now});
  } else if (refreshed_) {
    services.pool.coolDown(credential_->id, endpoint_.model, now + kFreshTokenRefused,
                           "token_refused");
  } else {
    services.auth.drop(exchange_.io, *credential_, authorization_);
    refreshed_ = true;
    repeat_ = true;
  }
  return Verdict::TryOn;
}

// Another credential at the same place would be refused for the same reason.
void EndpointCall::skipPlace() {
  for (const auto& other : exchange_.services.pool.credentials()) {
    if (other.backend == credential_->backend && other.location == credential_->location) {
      tried_.push_back(other.id);
    }
  }
}

void EndpointCall::log(const Refusal& refusal) const {
  const auto& host = exchange_.services.host;
  host.logger.log(host::LogLevel::Warn, "attempt_failed",
                  {{"request", exchange_.request.id},
                   {"credential", credential_->alias},
                   {"model", endpoint_.model},
                   {"attempt", std::int64_t{attempts_}},
                   {"class", std::string(google::refusalName(refusal.refusal))},
                   {"reason", refusal.reason},
                   {"status", std::int64_t{refusal.status}},
                   {"reset", refusal.resetAt ? formatRfc3339(*refusal.resetAt) : ""}});
}

Error EndpointCall::exhausted() const {
  return last_ ? *last_ : poolError(exchange_.services, endpoint_.model);
}

}  // namespace rondo::gateway
