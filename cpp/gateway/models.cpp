#include <algorithm>

#include "gateway/access.h"
#include "gateway/answers.h"
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
  for (const auto& [alias, model] : exchange.services.settings.modelAliases) {
    if (mayUse(exchange.request.client, alias)) models.push_back(describe(alias));
  }
  for (auto& name : *names) {
    const bool isAlias = exchange.services.settings.modelAliases.contains(name);
    if (!isAlias && mayUse(exchange.request.client, name)) models.push_back(describe(name));
  }
  co_return models;
}

}  // namespace

Task<void> listModels(Exchange& exchange) {
  const auto models = co_await visibleModels(exchange);
  if (models) {
    sendJson(exchange.reply, openai::modelListBody(*models));
  } else {
    sendError(exchange.reply, models.error());
  }
}

Task<void> getModel(Exchange& exchange) {
  const auto models = co_await visibleModels(exchange);
  if (!models) {
    sendError(exchange.reply, models.error());
    co_return;
  }
  const auto found = std::ranges::find(*models, exchange.request.modelId, &openai::Model::id);
  if (found != models->end()) {
    sendJson(exchange.reply, openai::modelBody(*found));
  } else {
    sendError(exchange.reply, modelNotFound(exchange.request.modelId));
  }
}

}  // namespace rondo::gateway
