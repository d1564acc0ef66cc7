#include <algorithm>

#include "gateway/answers.h"
#include "gateway/model_name.h"
#include "gateway/operations.h"
#include "gateway/pool_errors.h"
#include "openai/models.h"

namespace rondo::gateway {
namespace {

openai::Model describe(std::string name) { return {std::move(name), 0, "google"}; }

// What this client may use: the operator's aliases, then what the back-ends list.
Task<Result<std::vector<openai::Model>>> visibleModels(Exchange& exchange) {
  if (exchange.services.pool.credentials().empty()) {
    co_return fail(poolError(exchange.services, ""));
  }
  auto names = co_await exchange.services.catalog.models(exchange.io);
  if (!names) co_return fail(names.error());
  std::vector<openai::Model> models;
  const auto& settings = exchange.services.settings;
  const auto isAllowed = [&](std::string_view name) {
    return mayUse(exchange.request.client, nameModel(settings, name));
  };
  for (const auto& [alias, model] : settings.modelAliases) {
    if (!isPattern(alias) && isAllowed(alias)) models.push_back(describe(alias));
  }
  for (auto& name : *names) {
    const bool isAlias = settings.modelAliases.contains(name);
    if (!isAlias && isAllowed(name)) models.push_back(describe(name));
  }
  co_return models;
}

}  // namespace

Task<void> listModels(Exchange& exchange) {
  const auto models = co_await visibleModels(exchange);
  if (models) {
    sendJson(exchange.reply, openai::modelListBody(*models));
  } else {
    sendError(exchange, models.error());
  }
}

Task<void> getModel(Exchange& exchange) {
  const auto models = co_await visibleModels(exchange);
  if (!models) {
    sendError(exchange, models.error());
    co_return;
  }
  const auto asked = readModelName(exchange.services.settings, exchange.request.modelId);
  const auto name = asked ? asked->plain : std::string();
  const auto found = std::ranges::find(*models, name, &openai::Model::id);
  if (found != models->end()) {
    sendJson(exchange.reply, openai::modelBody(*found));
  } else {
    sendError(exchange, asked ? modelNotFound(asked->asked) : asked.error());
  }
}

}  // namespace rondo::gateway
