#include <algorithm>
#include <optional>
#include <utility>

#include "base/bounds.h"
#include "credentials/model_use.h"
#include "gateway/model_name.h"
#include "gateway/operations.h"
#include "gateway/operator_answers.h"
#include "gateway/place.h"
#include "gateway/remedies.h"
#include "gateway/send_reply.h"
#include "google/address.h"
#include "google/model_list.h"

namespace rondo::gateway {
namespace {

using credentials::Credential;
using google::Refusal;
using google::RefusalClass;

// It generates, since counting tokens is a right of its own, and draws on no quota: a credential
// that may count may still be refused what it is for.
constexpr std::string_view kTinyBody =
    R"({"contents":[{"role":"user","parts":[{"text":"Say: ok"}]}],)"
    R"("generationConfig":{"maxOutputTokens":16}})";
constexpr std::string_view kUsualModel = "gemini-flash-latest";
constexpr Millis kPatience = std::chrono::seconds(30);

struct Outcome {
  Result<http::Headers> authorization = http::Headers{};
  Millis tokenTook{};
  Refusal refusal;
  bool isOk = false;
};

// A model that the credential serves and that kTinyBody can be put to: one that was served, one
// that the operator named, one of those that the back-ends list.
Task<std::string> defaultModel(Exchange& exchange, const Credential& credential) {
  const Services& services = exchange.services;
  const auto serves = [&credential](std::string_view model) {
    const bool isModel = credentials::modelOf(model) == model;
    return isModel && google::answersInWords(model) && credentials::serves(credential, model);
  };
  for (const auto& model : services.pool.knownModels(services.host.clock.now())) {
    if (services.pool.isProven(model) && serves(model)) co_return model;
  }
  for (const auto& model : services.namedModels) {
    if (serves(model)) co_return model;
  }
  const auto listed = co_await services.catalog.models(exchange.io);
  if (!listed) co_return std::string(kUsualModel);
  for (const std::string_view word : {"-flash", "gemini-", ""}) {
    for (const auto& model : *listed) {
      if (serves(model) && model.contains(word)) co_return model;
    }
  }
  co_return std::string(kUsualModel);
}

Refusal failed(const Error& error) {
  Refusal refusal;
  refusal.refusal = auth::isDead(error) ? RefusalClass::DeadCredential : RefusalClass::Transient;
  refusal.reason = error.code;
  refusal.message = error.message;
  return refusal;
}

// One credential under test.
class Trial {
 public:
  Trial(Exchange& exchange, const Credential& credential, std::string model)
      : exchange_(exchange), credential_(credential), model_(std::move(model)) {}

  Task<void> run() {
    const Instant began = now();
    auto outcome = co_await attempt();
    // What was accepted an hour ago may have been revoked since.
    const bool isStale = outcome.refusal.refusal == RefusalClass::FixToken &&
                         outcome.refusal.status != 0 &&
                         credential_.kind != credentials::CredentialKind::ApiKey;
    if (isStale) {
      exchange_.services.auth.drop(exchange_.io, credential_, *outcome.authorization);
      outcome = co_await attempt();
    }
    if (!outcome.isOk) {
      exchange_.services.lastErrors.note(credential_, model_, outcome.refusal, now());
    }
    sendToOperator(exchange_, report(outcome, now() - began));
  }

 private:
  Instant now() const { return exchange_.services.host.clock.now(); }

  Task<Outcome> attempt() {
    const Instant began = now();
    exchange_.record.attempts.push_back({credential_.alias, model_, "under_way"});
    Outcome outcome;
    outcome.authorization = co_await exchange_.watch.await(
        exchange_.services.auth.authorize(exchange_.io, credential_));
    outcome.tokenTook = now() - began;
    if (outcome.authorization) {
      co_await call(outcome);
    } else {
      outcome.refusal = failed(outcome.authorization.error());
    }
    const auto name = google::refusalName(outcome.refusal.refusal);
    exchange_.record.attempts.back() = {credential_.alias,
                                        model_,
                                        std::string(outcome.isOk ? "ok" : name),
                                        outcome.refusal.reason,
                                        outcome.refusal.status,
                                        outcome.refusal.resetAt,
                                        now() - began};
    co_return outcome;
  }

  Task<void> call(Outcome& outcome) {
    auto url = google::methodUrl(baseUrls(exchange_.services.settings), placeOf(credential_),
                                 model_, google::Method::GenerateContent);
    if (!url) {
      outcome.refusal = failed(url.error());
      outcome.refusal.refusal = RefusalClass::RequestFault;
      co_return;
    }
    http::Request request{"POST", std::move(*url), *outcome.authorization, std::string(kTinyBody)};
    request.headers.set("content-type", "application/json");
    auto fetched =
        co_await exchange_.watch.await(exchange_.io.fetcher.fetch(std::move(request)), kPatience);
    if (!fetched || !*fetched) {
      outcome.refusal =
          failed(makeError(ErrorKind::Transient,
                           fetched ? fetched->error().message : "Google has said nothing for 30 s.",
                           fetched ? "network_error" : "upstream_timeout"));
      co_return;
    }
    const auto body = co_await exchange_.watch.await(
        host::readAll(*(*fetched)->body, bounds::kErrorBytes), kPatience);
    const auto& [status, headers] = (*fetched)->head;
    outcome.isOk = status == 200;
    outcome.refusal.status = status;
    if (outcome.isOk) co_return;
    outcome.refusal =
        google::classify(status, headers, body && *body ? **body : std::string(), now());
  }

  std::string report(const Outcome& outcome, Millis took) const {
    const Refusal& refusal = outcome.refusal;
    const auto advice = outcome.isOk ? Advice{} : adviceOn(refusal, credential_);
    std::string out;
    json::Writer writer(out);
    writer.beginObject();
    writer.key("credential").string(std::string_view(credential_.alias));
    writer.key("model").string(std::string_view(model_));
    writer.key("ok").boolean(outcome.isOk);
    writer.key("ms").integer(std::int64_t{took.count()});
    writer.key("token").beginObject();
    writer.key("ok").boolean(outcome.authorization.has_value());
    writer.key("ms").integer(std::int64_t{outcome.tokenTook.count()}).endObject();
    writeInteger(writer, "status",
                 refusal.status == 0 ? std::nullopt : std::optional<std::int64_t>(refusal.status));
    writeText(writer, "class", outcome.isOk ? "" : google::refusalName(refusal.refusal));
    writeText(writer, "message", outcome.isOk ? "" : refusal.message);
    writeText(writer, "remedy", advice.words);
    writeText(writer, "link", advice.link);
    writer.endObject();
    return out;
  }

  Exchange& exchange_;
  const Credential& credential_;
  std::string model_;
};

}  // namespace

Task<void> testCredential(Exchange& exchange) {
  const auto* credential = credentialNamed(exchange.services.pool, exchange.request.credential);
  if (!credential) {
    sendError(exchange, credentialNotFound());
    co_return;
  }
  exchange.pool = Exchange::PoolUse::Used;
  const std::string& asked = exchange.request.query.model;
  std::string model;
  if (asked.empty()) {
    model = co_await defaultModel(exchange, *credential);
  } else {
    const auto named = readModelName(exchange.services.settings, asked);
    if (!named) {
      sendError(exchange, named.error());
      co_return;
    }
    model = named->google;
  }
  Trial trial(exchange, *credential, std::move(model));
  co_await trial.run();
}

}  // namespace rondo::gateway
