#include "gateway/ask.h"

#include <set>
#include <utility>

#include "base/ascii.h"
#include "gateway/context_cache.h"
#include "gateway/model_call.h"
#include "gateway/pool_errors.h"

namespace rondo::gateway {
namespace {

const std::vector<std::string>* configuredFallbacks(const Settings& settings,
                                                    const ModelName& model) {
  for (const std::string* name : {&model.asked, &model.plain, &model.google}) {
    const auto found = settings.modelFallbacks.find(*name);
    if (found != settings.modelFallbacks.end()) return &found->second;
  }
  return nullptr;
}

std::vector<ModelName> fallbacksOf(const Settings& settings, const ClientRequest& request,
                                   const ModelName& model) {
  std::vector<ModelName> fallbacks;
  if (request.fallback == Fallback::Off) return fallbacks;
  const auto* configured = configuredFallbacks(settings, model);
  if (!configured) return fallbacks;
  for (const auto& each : *configured) {
    ModelName name = nameModel(settings, each);
    if (!mayUse(request.client, name)) continue;
    const bool hasOwnSuffix = name.suffix.effort || name.suffix.budget;
    if (!hasOwnSuffix) name.suffix = model.suffix;
    fallbacks.push_back(std::move(name));
  }
  return fallbacks;
}

void logFallback(const Exchange& exchange, const ModelName& from, const ModelName& to) {
  exchange.services.host.logger.log(
      host::LogLevel::Info, "model_fallback",
      {{"request", exchange.request.id}, {"from", from.google}, {"to", to.google}});
}

void learn(Exchange& exchange, const Question& question, const ModelName& model,
           const Attempt& attempt) {
  exchange.services.limits.learn(question.remembersAs(model), attempt.limits, attempt.mended,
                                 exchange.services.host.clock.now());
}

}  // namespace

Result<Targets> targetsOf(const Settings& settings, const ClientRequest& request,
                          std::string_view name) {
  auto model = readModelName(settings, name);
  if (!model) return fail(model.error());
  if (!mayUse(request.client, *model)) return fail(modelNotFound(model->asked));
  auto fallbacks = fallbacksOf(settings, request, *model);
  return Targets{std::move(*model), std::move(fallbacks)};
}

Task<Asked> ask(Exchange& exchange, Question& question, Targets targets) {
  auto first = co_await ModelCall(exchange, question, targets.model).run();
  if (first) {
    learn(exchange, question, targets.model, *first);
    co_return Asked{std::move(targets.model), std::move(*first)};
  }
  Error error = std::move(first.error().error);
  if (error.param.empty()) error.param = question.contentField(error);
  const bool isRequests = first.error().blame == Rejection::Blame::Request;
  const bool mayFallBack =
      !isRequests && !targets.fallbacks.empty() && co_await question.mayFallBack();
  const ModelName* last = &targets.model;
  for (const ModelName& each : targets.fallbacks) {
    if (!mayFallBack) break;
    logFallback(exchange, *last, each);
    last = &each;
    auto next = co_await ModelCall(exchange, question, each).run();
    if (!next) continue;
    learn(exchange, question, each, *next);
    co_return Asked{each, std::move(*next)};
  }
  co_return Asked{std::move(targets.model), std::unexpected(std::move(error))};
}

http::Headers answerHeaders(const Exchange& exchange, const ModelName& model,
                            const Attempt* attempt) {
  const auto& attempts = exchange.record.attempts;
  http::Headers headers{{"x-rondo-attempts", std::to_string(attempts.size())}};
  if (!attempts.empty()) headers.set("x-rondo-credential", attempts.back().credential);
  // A client may name a model as it likes, and not every text fits a header.
  if (isVisibleAscii(model.google)) headers.set("x-rondo-model", model.google);
  if (!attempt) return headers;
  if (const auto word = cacheWord(exchange.cache); !word.empty()) {
    headers.set("x-rondo-cache", std::string(word));
  }
  std::set<std::string> words(attempt->adjusted.begin(), attempt->adjusted.end());
  attempt->mended.forEach(
      [&words](google::Feature feature) { words.insert(google::featureWord(feature)); });
  std::string line;
  for (const auto& word : words) line.append(line.empty() ? "" : ", ").append(word);
  if (!line.empty()) headers.set("x-rondo-adjusted", line);
  return headers;
}

void tellAdjusted(http::Headers& headers, std::string_view word) {
  const auto told = headers.get("x-rondo-adjusted");
  headers.set("x-rondo-adjusted",
              told ? std::string(*told) + ", " + std::string(word) : std::string(word));
}

}  // namespace rondo::gateway
