#include "gateway/call_endpoint.h"

#include <algorithm>
#include <utility>

#include "gateway/place.h"
#include "gateway/pool_errors.h"

namespace rondo::gateway {
namespace {

using credentials::Credential;
using google::Refusal;
using google::RefusalClass;

// Longer error bodies than this say nothing more.
constexpr std::size_t kMaxErrorBytes = 256 * 1024;

// A wait that is shorter than this is better than a refusal.
constexpr Millis kLongestWait = std::chrono::seconds(3);

// Over all models of a request: a free Worker has 50 subrequests.
constexpr std::size_t kMostAttempts = 16;

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
  if (auth::isDead(error)) refusal.refusal = RefusalClass::DeadCredential;
  return refusal;
}

Refusal requestFault(const Error& error) {
  Refusal fault = transient(error.code, error.message);
  fault.refusal = RefusalClass::RequestFault;
  return fault;
}

// Up to a quarter more, so that those who wait for the same moment don't come all at once.
Millis jittered(Millis wait, host::Entropy& entropy) {
  std::uint8_t draw = 0;
  entropy.fill({&draw, 1});
  return wait + wait * draw / 1024;
}

}  // namespace

EndpointCall::EndpointCall(Exchange& exchange, Endpoint endpoint)
    : exchange_(exchange), endpoint_(std::move(endpoint)) {}

Task<std::expected<host::Fetched, Rejection>> EndpointCall::next() {
  passedOn_ = repeat_ ? std::nullopt : std::move(passedOn_);
  exchange_.pool = Exchange::PoolUse::Used;
  if (attempts_ == 0) co_await exchange_.services.sync.before(exchange_.io);
  while (!passedOn_) {
    const bool isReady = co_await prepare();
    if (!isReady) break;
    auto outcome = co_await attempt();
    if (outcome) co_return std::move(*outcome);
    take(std::move(outcome.error()));
    co_await exchange_.services.sync.hurry(exchange_.io);
  }
  if (!passedOn_) passedOn_ = exhausted();
  co_return std::unexpected(*passedOn_);
}

void EndpointCall::reject(const Error& error, std::string_view googleError) {
  const Instant now = exchange_.services.host.clock.now();
  exchange_.record.attempts.pop_back();
  if (googleError.empty()) {
    take({transient(error.code, error.message), {}, error});
  } else {
    take({google::classify(200, {}, googleError, now), {}, {}});
  }
}

void EndpointCall::accept() {
  const auto& services = exchange_.services;
  if (!services.pool.succeed(credential_->id, endpoint_.model, attemptBegan_,
                             services.host.clock.now())) {
    return;
  }
  services.host.logger.log(host::LogLevel::Info, "credential_released",
                           {{"request", exchange_.request.id}, {"credential", credential_->alias}});
}

http::Headers EndpointCall::headers() const {
  http::Headers headers{{"x-rondo-attempts", std::to_string(exchange_.record.attempts.size())}};
  if (credential_) headers.set("x-rondo-credential", credential_->alias);
  return headers;
}

// --- Who is next ---------------------------------------------------------------------------------

// Whether there is somebody to ask.
Task<bool> EndpointCall::prepare() {
  while (!pick()) {
    const bool isWorthwhile = co_await waitForReset();
    if (!isWorthwhile) co_return false;
  }
  co_return true;
}

bool EndpointCall::mayTry(Instant now) const {
  const auto& settings = exchange_.services.settings;
  return attempts_ < settings.maxAttempts && exchange_.record.attempts.size() < kMostAttempts &&
         now < exchange_.began + settings.attemptDeadline;
}

const Credential* EndpointCall::pick() {
  const Instant now = exchange_.services.host.clock.now();
  if (!mayTry(now)) return nullptr;
  if (std::exchange(repeat_, false)) return credential_;
  const Credential* chosen = choose(now);
  if (chosen) use(chosen);
  return chosen;
}

const Credential* EndpointCall::choose(Instant now) {
  credentials::Turn turn{endpoint_.model, now, tried_, endpoint_.conversation, awayFrom_};
  if (attempts_ == 0) turn.preferred = endpoint_.preferred;
  return exchange_.services.pool.choose(turn);
}

void EndpointCall::use(const Credential* chosen) {
  credential_ = chosen;
  isTokenFresh_ = false;
}

// Whether it was worth the wait. Only for what is free again soon, and no longer than the deadline.
Task<bool> EndpointCall::waitForReset() {
  const auto& services = exchange_.services;
  const Instant now = services.host.clock.now();
  const auto reset = services.pool.earliestReset(endpoint_.model, now, tried_);
  if (!reset || *reset <= now || !mayTry(*reset)) co_return false;
  if (waited_ + (*reset - now) >= kLongestWait) co_return false;
  const Millis wait = jittered(*reset - now, services.host.entropy);
  waited_ += wait;
  co_await exchange_.io.waiter.wait(host::kNoSignal, wait);
  co_return true;
}

// --- One attempt ---------------------------------------------------------------------------------

Task<std::expected<host::Fetched, EndpointCall::Refused>> EndpointCall::attempt() {
  ++attempts_;
  attemptBegan_ = exchange_.services.host.clock.now();
  exchange_.record.answering = attemptBegan_;
  auto authorization = co_await exchange_.services.auth.authorize(exchange_.io, *credential_);
  if (!authorization) {
    co_return std::unexpected(Refused{refusalOf(authorization.error()), {}, {}});
  }
  authorization_ = std::move(*authorization);
  auto url = google::methodUrl(baseUrls(exchange_.services.settings), placeOf(*credential_),
                               endpoint_.model, endpoint_.method);
  Result<std::string> body = url;
  if (url) body = co_await endpoint_.bodyFor(*credential_);
  if (!body) co_return std::unexpected(Refused{requestFault(body.error()), {}, body.error()});
  http::Request request{"POST", std::move(*url), authorization_, std::move(*body)};
  request.headers.set("content-type", "application/json");
  co_return co_await send(std::move(request));
}

Task<std::expected<host::Fetched, EndpointCall::Refused>> EndpointCall::send(
    http::Request request) {
  auto fetched = co_await exchange_.io.fetcher.fetch(std::move(request));
  if (!fetched) {
    co_return std::unexpected(Refused{transient("network_error", fetched.error().message), {}, {}});
  }
  const int status = fetched->head.status;
  if (isSuccess(status)) {
    Refusal none;
    none.status = status;
    record("ok", none);
    co_return std::move(*fetched);
  }
  auto body = (co_await host::readAll(*fetched->body, kMaxErrorBytes)).value_or("");
  auto refusal =
      google::classify(status, fetched->head.headers, body, exchange_.services.host.clock.now());
  co_return std::unexpected(Refused{std::move(refusal), std::move(body), {}});
}

void EndpointCall::record(std::string outcome, const Refusal& refusal) {
  exchange_.record.attempts.push_back({credential_->alias, endpoint_.model, std::move(outcome),
                                       refusal.reason, refusal.status, refusal.resetAt,
                                       exchange_.services.host.clock.now() - attemptBegan_});
}

// --- After a refusal -----------------------------------------------------------------------------

void EndpointCall::take(Refused refused) {
  const Refusal& refusal = refused.refusal;
  record(std::string(google::refusalName(refusal.refusal)), refusal);
  const RefusedAttempt lost{*credential_, endpoint_.model, authorization_, isTokenFresh_, busy_};
  const Verdict verdict = judge(exchange_, lost, refusal);
  auto error = refused.error.value_or(errorOf(refusal));
  if (verdict == Verdict::PassOn) {
    passedOn_ = {std::move(error), Rejection::Blame::Request, std::move(refused.body)};
    return;
  }
  follow(verdict, refusal);
  if (verdict == Verdict::Stop) {
    passedOn_ = {poolError(exchange_.services, endpoint_.model), Rejection::Blame::Pool, {}};
  } else if (refusal.refusal == RefusalClass::Transient ||
             refusal.refusal == RefusalClass::Location ||
             refusal.refusal == RefusalClass::FixToken) {
    last_ = std::move(error);
  }
}

// Credentials that cool or are out are passed over by the pool itself, and may be free again before
// this call ends; the others are not to be used twice.
void EndpointCall::follow(Verdict verdict, const Refusal& refusal) {
  if (refusal.refusal == RefusalClass::Transient) {
    ++failures_;
    tried_.push_back(credential_->id);
  }
  if (verdict == Verdict::TryElsewhere) skipPlace();
  if (verdict == Verdict::PreferElsewhere) {
    ++busy_;
    awayFrom_ = credential_;
  }
  if (verdict == Verdict::Repeat) {
    repeat_ = true;
    isTokenFresh_ = true;
  }
}

// Another credential at the same place would be refused for the same reason.
void EndpointCall::skipPlace() {
  for (const auto& other : exchange_.services.pool.credentials()) {
    if (other.backend == credential_->backend && other.location == credential_->location) {
      tried_.push_back(other.id);
    }
  }
}

Rejection EndpointCall::exhausted() {
  if (!last_) return {poolError(exchange_.services, endpoint_.model), Rejection::Blame::Pool, {}};
  if (attempts_ > 0 && failures_ == attempts_) {
    last_->retryAfter = restAfterFailures(exchange_, endpoint_.model);
  }
  return {*last_, Rejection::Blame::Pool, {}};
}

}  // namespace rondo::gateway
