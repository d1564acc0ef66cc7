#include "gateway/model_call.h"

#include <algorithm>
#include <utility>

#include "base/bounds.h"
#include "base/sha256.h"
#include "gateway/operator_answers.h"
#include "gateway/place.h"
#include "gateway/pool_errors.h"

namespace rondo::gateway {
namespace {

using credentials::Credential;
using google::Refusal;
using google::RefusalClass;

bool isSuccess(int status) { return status >= 200 && status < 300; }
bool isRedirect(int status) { return status >= 300 && status < 400; }

// To follow it would carry the credential to another address.
Error redirected(int status) {
  return makeError(ErrorKind::Broken,
                   "Google answered " + std::to_string(status) +
                       ": what was asked for lies at another address, which isn't followed.",
                   "upstream_redirected");
}

Refusal refusalFor(RefusalClass refusal, const Error& error) {
  Refusal made;
  made.refusal = refusal;
  made.reason = error.code;
  made.message = error.message;
  return made;
}

// Up to a quarter more, so that those who wait for the same moment don't come all at once.
Millis jittered(Millis wait, host::Entropy& entropy) {
  std::uint8_t draw = 0;
  entropy.fill({&draw, 1});
  return wait + wait * draw / 1024;
}

// It is ranked with each credential of the pool.
std::string shortened(std::string key) {
  constexpr std::size_t kShort = 64;
  return key.size() <= kShort ? std::move(key) : sha256Hex(key);
}

bool isAtSamePlace(const Credential& one, const Credential& other) {
  return one.backend == other.backend && one.location == other.location;
}

// Repairs within one attempt's turn, which cost nobody a try.
bool isRepair(Verdict verdict) {
  return verdict == Verdict::Mend || verdict == Verdict::RenewToken;
}

Refusal refusalOf(const AnswerFault& fault, Instant now) {
  switch (fault.kind) {
    case AnswerFault::Kind::Google: return google::classify(200, {}, fault.googleError, now);
    case AnswerFault::Kind::BrokenOff: return refusalFor(RefusalClass::Transient, fault.error);
    case AnswerFault::Kind::Final: return refusalFor(RefusalClass::RequestFault, fault.error);
    case AnswerFault::Kind::Unusable: break;
  }
  return refusalFor(RefusalClass::Unusable, fault.error);
}

}  // namespace

ModelCall::ModelCall(Exchange& exchange, Question& question, ModelName model)
    : exchange_(exchange),
      question_(question),
      model_(std::move(model)),
      pooled_(credentials::nameInUse(model_.google, question.use())) {
  const std::string& name = exchange_.request.credential;
  if (!name.empty()) pinned_ = credentialNamed(exchange_.services.pool, name);
}

Task<std::expected<Attempt, Rejection>> ModelCall::run() {
  exchange_.pool = Exchange::PoolUse::Used;
  exchange_.record.model = model_.google;
  co_await exchange_.services.sync.before(exchange_.io);
  tools_ = co_await toolsThatMatter();
  auto next = co_await elsewhere();
  while (next) {
    auto loss = co_await make(*next);
    if (!loss) {
      judgeSuccess(exchange_, pooled_, *next, losses_);
      co_return std::move(*next);
    }
    Next then = after(std::move(*loss));
    co_await exchange_.services.sync.hurry(exchange_.io);
    if (auto* again = std::get_if<Attempt>(&then)) {
      next = std::move(*again);
    } else if (auto* rejection = std::get_if<Rejection>(&then)) {
      co_return std::unexpected(std::move(*rejection));
    } else {
      next = co_await elsewhere();
    }
  }
  co_return std::unexpected(std::move(next.error()));
}

// --- Who is next ---------------------------------------------------------------------------------

// A body that is passed on is read for it, so only where anybody rests for tools.
Task<credentials::Turn::Tools> ModelCall::toolsThatMatter() const {
  using enum credentials::Turn::Tools;
  const auto& pool = exchange_.services.pool;
  if (!pool.hasRestsForTools(pooled_, exchange_.services.host.clock.now())) co_return None;
  co_return co_await question_.asksForHostedTools() ? Hosted : None;
}

Task<std::expected<Attempt, Rejection>> ModelCall::elsewhere() {
  for (;;) {
    const Instant now = exchange_.services.host.clock.now();
    if (!mayTry(now)) break;
    if (const Credential* chosen = choose(now)) co_return freshAttempt(*chosen);
    const bool isOnceMore = !losses_.empty() && losses_.back().rule->verdict == Verdict::OnceMore;
    if (isOnceMore) co_return freshAttempt(*losses_.back().loss.attempt.credential);
    const bool isWorthwhile = co_await waitForReset();
    if (!isWorthwhile) break;
  }
  co_return std::unexpected(exhausted());
}

bool ModelCall::mayTry(Instant now) const {
  const auto& settings = exchange_.services.settings;
  const auto tries = std::ranges::count_if(
      losses_, [](const Lost& each) { return !isRepair(each.rule->verdict); });
  return (losses_.empty() || question_.isRepeatable()) && tries < settings.maxAttempts &&
         exchange_.record.attempts.size() < bounds::kCallsOfRequest &&
         now < exchange_.began + settings.attemptDeadline;
}

const Credential* ModelCall::choose(Instant now) const {
  const auto tried = spent();
  const auto conversation = question_.conversation();
  auto preferred = losses_.empty() ? question_.preferred() : std::string();
  if (pinned_) preferred = pinned_->id;
  const auto affinity = shortened(question_.affinityKey());
  // Who has waited for a moment's rest doesn't wait for those that others bring about meanwhile.
  const auto unheeded = waited_ > Millis() ? kUpstreamFailing : std::string_view();
  return exchange_.services.pool.choose(
      {pooled_, now, tried, conversation, affinity, awayFrom(), preferred, unheeded, tools_});
}

// What this request has found out about the model holds for all its attempts.
Attempt ModelCall::freshAttempt(const Credential& credential) const {
  Attempt attempt;
  attempt.credential = &credential;
  const Instant now = exchange_.services.host.clock.now();
  const auto& known = exchange_.services.limits;
  attempt.limits =
      google::joined(known.of(model_.google, now), known.of(question_.remembersAs(model_), now));
  if (losses_.empty()) return attempt;
  const Attempt& last = losses_.back().loss.attempt;
  attempt.limits = google::joined(std::move(attempt.limits), last.limits);
  attempt.mended = last.mended;
  return attempt;
}

// Whether it was worth the wait. Only for what is free again soon, and no longer than the deadline.
Task<bool> ModelCall::waitForReset() {
  const auto& services = exchange_.services;
  const Instant now = services.host.clock.now();
  const auto reset = services.pool.earliestReset(pooled_, now, spent());
  if (!reset || *reset <= now || !mayTry(*reset)) co_return false;
  if (waited_ + (*reset - now) >= bounds::kWaitForReset) co_return false;
  const Millis wait = jittered(*reset - now, services.host.entropy);
  waited_ += wait;
  co_await exchange_.io.waiter.wait(host::kNoSignal, wait);
  co_return true;
}

// Credentials that cool or are out are passed over by the pool itself, and may be free again before
// this call ends; the others are not to be used twice, nor are those at a place that is refused.
bool ModelCall::isSpent(const Credential& credential) const {
  if (pinned_ && credential.id != pinned_->id) return true;
  if (!question_.canGoThrough(credential)) return true;
  return std::ranges::any_of(losses_, [&credential](const Lost& each) {
    const Credential& lost = *each.loss.attempt.credential;
    if (isRepair(each.rule->verdict) || each.rule->reach != Reach::ThisRequest) return false;
    if (each.rule->verdict == Verdict::TryElsewhere) return isAtSamePlace(credential, lost);
    return lost.id == credential.id;
  });
}

std::vector<std::string> ModelCall::spent() const {
  std::vector<std::string> ids;
  for (const auto& each : exchange_.services.pool.credentials()) {
    if (isSpent(each)) ids.push_back(each.id);
  }
  return ids;
}

const Credential* ModelCall::awayFrom() const {
  if (pinned_) return nullptr;
  for (const Lost& each : losses_) {
    if (each.rule->verdict == Verdict::PreferElsewhere) return each.loss.attempt.credential;
  }
  return nullptr;
}

// --- One attempt ---------------------------------------------------------------------------------

Task<std::optional<Loss>> ModelCall::make(Attempt& attempt) {
  attempt.began = exchange_.services.host.clock.now();
  exchange_.record.answering = attempt.began;
  exchange_.record.attempts.push_back({attempt.credential->alias, model_.google, "under_way"});
  auto authorization = co_await exchange_.watch.await(
      exchange_.services.auth.authorize(exchange_.io, *attempt.credential));
  if (!authorization) {
    const Error& error = authorization.error();
    const auto kind = auth::isDead(error) ? RefusalClass::DeadCredential : RefusalClass::Transient;
    co_return Loss{attempt, refusalFor(kind, error), std::nullopt};
  }
  attempt.authorization = std::move(*authorization);
  auto request = question_.requestTo(baseUrls(exchange_.services.settings),
                                     placeOf(*attempt.credential), model_);
  Result<MadeBody> body = fail(request ? Error{} : request.error());
  if (request) body = co_await question_.bodyFor(model_, attempt);
  if (!body) {
    co_return Loss{attempt, refusalFor(RefusalClass::RequestFault, body.error()), body.error()};
  }
  attempt.uses = body->uses;
  attempt.adjusted = std::move(body->adjusted);
  for (const auto& [name, value] : question_.presented(attempt.authorization)) {
    request->headers.set(name, value);
  }
  request->body = std::move(body->bytes);
  request->source = body->source;
  co_return co_await send(attempt, std::move(*request));
}

Task<std::optional<Loss>> ModelCall::send(Attempt& attempt, http::Request request) {
  const auto& settings = exchange_.services.settings;
  auto& clock = exchange_.services.host.clock;
  auto fetched = co_await exchange_.watch.await(exchange_.io.fetcher.fetch(std::move(request)),
                                                settings.firstByteTimeout);
  if (!fetched) {
    const Error late = upstreamTimeout(settings.firstByteTimeout);
    co_return Loss{attempt, refusalFor(RefusalClass::Transient, late), late};
  }
  if (!*fetched) {
    const Error broken =
        makeError(ErrorKind::Transient, (*fetched).error().message, "network_error");
    co_return Loss{attempt, refusalFor(RefusalClass::Transient, broken), std::nullopt};
  }
  host::Fetched answer = std::move(**fetched);
  const int status = answer.head.status;
  if (isRedirect(status)) {
    const Error error = redirected(status);
    co_return Loss{attempt, refusalFor(RefusalClass::RequestFault, error), error};
  }
  if (!isSuccess(status)) {
    auto read = co_await exchange_.watch.await(host::readAll(*answer.body, bounds::kErrorBytes),
                                               settings.idleTimeout);
    auto body = read && *read ? std::move(**read) : std::string();
    auto refusal = google::classify(status, answer.head.headers, body, clock.now());
    auto heard = co_await question_.heard(attempt, std::move(refusal), std::move(body));
    attempt.uses.features.insert(heard.found);
    co_return Loss{attempt, std::move(heard.refusal), std::move(heard.error)};
  }
  auto fault = co_await question_.begin(model_, attempt, std::move(answer));
  if (fault) {
    auto refusal = refusalOf(*fault, clock.now());
    if (fault->kind != AnswerFault::Kind::Google) {
      co_return Loss{attempt, std::move(refusal), std::move(fault->error)};
    }
    auto heard = co_await question_.heard(attempt, std::move(refusal), fault->googleError);
    attempt.uses.features.insert(heard.found);
    co_return Loss{attempt, std::move(heard.refusal), std::move(heard.error)};
  }
  Refusal none;
  none.status = status;
  record(attempt, none, "ok");
  co_return std::nullopt;
}

void ModelCall::record(const Attempt& attempt, const Refusal& refusal, std::string outcome) {
  exchange_.record.attempts.back() = {attempt.credential->alias,
                                      model_.google,
                                      std::move(outcome),
                                      refusal.reason,
                                      refusal.status,
                                      refusal.resetAt,
                                      exchange_.services.host.clock.now() - attempt.began};
}

// --- After a loss --------------------------------------------------------------------------------

ModelCall::Next ModelCall::after(Loss loss) {
  record(loss.attempt, loss.refusal, std::string(google::refusalName(loss.refusal.refusal)));
  exchange_.services.lastErrors.note(*loss.attempt.credential, model_.google, loss.refusal,
                                     exchange_.services.host.clock.now());
  const Rule& rule = judge(exchange_, pooled_, loss, losses_);
  losses_.push_back({std::move(loss), &rule});
  const Loss& lost = losses_.back().loss;
  if (!question_.isRepeatable()) return Rejection{passedOn(lost).error, Rejection::Blame::Request};
  switch (rule.verdict) {
    case Verdict::Mend: return mended(lost);
    case Verdict::PassOn: {
      const bool isContent = rule.fault == Fault::NamedContent;
      if (isContent) return Rejection{contentError(lost.refusal), Rejection::Blame::Request};
      return passedOn(lost);
    }
    case Verdict::Stop: return Rejection{unavailable(unsuited()), Rejection::Blame::Pool};
    case Verdict::RenewToken: {
      Attempt again = freshAttempt(*lost.attempt.credential);
      again.token = Attempt::Token::Renewed;
      return again;
    }
    case Verdict::TryNext:
    case Verdict::PreferElsewhere:
    case Verdict::TryElsewhere:
    case Verdict::OnceMore: break;
  }
  return Elsewhere{};
}

// The same attempt without what was refused; the refusal itself when it can't do without.
ModelCall::Next ModelCall::mended(const Loss& loss) const {
  const auto& feature = *loss.refusal.feature;
  auto limits = google::limitsAfter(loss.attempt.limits, feature, loss.attempt.uses);
  const bool hasCalls = exchange_.record.attempts.size() < bounds::kCallsOfRequest;
  if (!limits || !hasCalls) return passedOn(loss);
  Attempt again = freshAttempt(*loss.attempt.credential);
  again.token = loss.attempt.token;
  again.limits = std::move(*limits);
  again.mended.insert(feature.feature);
  return again;
}

// What Google said, in the client's terms. That nothing could be made of an answer is no fault of
// the request's: another model may do better.
Rejection ModelCall::passedOn(const Loss& loss) const {
  Error error = loss.error ? *loss.error : errorOf(loss.refusal);
  if (!error.param.empty()) error.param = question_.paramOf(error.param);
  const bool isRequests = loss.refusal.refusal != RefusalClass::Unusable;
  return {std::move(error), isRequests ? Rejection::Blame::Request : Rejection::Blame::Pool};
}

Error ModelCall::unavailable(std::span<const std::string> without) const {
  return pinned_ ? pinnedError(exchange_.services, *pinned_, pooled_)
                 : poolError(exchange_.services, pooled_, without);
}

// Those through which the question can't go.
std::vector<std::string> ModelCall::unsuited() const {
  std::vector<std::string> ids;
  for (const auto& each : exchange_.services.pool.credentials()) {
    if (!question_.canGoThrough(each)) ids.push_back(each.id);
  }
  return ids;
}

// Whether another attempt could be made at once.
bool ModelCall::isAnyFree(Instant now, std::span<const std::string> without) const {
  const auto& pool = exchange_.services.pool;
  if (pinned_) return pool.isFree(pinned_->id, pooled_, now);
  return pool.earliestReset(pooled_, now, without) == now;
}

// Nobody is left, or no try.
Rejection ModelCall::exhausted() const {
  const auto& services = exchange_.services;
  const auto isGoogles = [](const Lost& each) {
    return each.loss.refusal.refusal == RefusalClass::Transient;
  };
  const auto told = std::ranges::find_if(losses_.rbegin(), losses_.rend(), [](const Lost& each) {
    return !isRepair(each.rule->verdict) && each.rule->reach == Reach::ThisRequest;
  });
  // What some cool for passes. So that is told before what may be meant for this request alone.
  const bool isPools = std::ranges::any_of(losses_, [](const Lost& each) {
    return !isRepair(each.rule->verdict) && each.rule->reach != Reach::ThisRequest;
  });
  if (told != losses_.rend() && !(isPools && isNarrow(*told->rule))) {
    const Loss& loss = told->loss;
    Error error = errorOf(loss.refusal);
    if (isNarrow(*told->rule)) error = narrowError(loss.refusal, services.host.clock.now());
    if (loss.error) error = *loss.error;
    if (!pinned_ && std::ranges::all_of(losses_, isGoogles)) {
      error.retryAfter = restAfterFailures(exchange_, pooled_);
    }
    return {std::move(error), Rejection::Blame::Pool};
  }
  if (told != losses_.rend() && told == losses_.rbegin()) question_.forgetRefusal();
  const Instant now = services.host.clock.now();
  const auto without = told == losses_.rend() ? unsuited() : spent();
  if (losses_.empty() || !isAnyFree(now, without)) {
    return {unavailable(without), Rejection::Blame::Pool};
  }
  return {attemptsExhausted(losses_.size(), losses_.back().loss.refusal), Rejection::Blame::Pool};
}

}  // namespace rondo::gateway
