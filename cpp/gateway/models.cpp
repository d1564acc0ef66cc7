#include <algorithm>

#include "gateway/model_name.h"
#include "gateway/operations.h"
#include "gateway/pool_errors.h"
#include "gateway/send_reply.h"

namespace rondo::gateway {
namespace {

// What this client may use: the operator's aliases, then what the back-ends list.
Task<Result<std::vector<std::string>>> visibleModels(Exchange& exchange) {
  if (exchange.services.pool.credentials().empty()) {
    co_return fail(poolError(exchange.services, ""));
  }
  auto names = co_await exchange.services.catalog.models(exchange.io);
  if (!names) co_return fail(names.error());
  std::vector<std::string> models;
  const auto& settings = exchange.services.settings;
  const auto isAllowed = [&](std::string_view name) {
    return mayUse(exchange.request.client, nameModel(settings, name));
  };
  for (const auto& [alias, model] : settings.modelAliases) {
    if (!isPattern(alias) && isAllowed(alias)) models.push_back(alias);
  }
  for (auto& name : *names) {
    const bool isAlias = settings.modelAliases.contains(name);
    if (!isAlias && isAllowed(name)) models.push_back(std::move(name));
  }
  co_return models;
}

}  // namespace

Task<void> listModels(Exchange& exchange, const ModelsDialect& models) {
  const auto names = co_await visibleModels(exchange);
  if (!names) {
    sendError(exchange, models.errors, names.error());
    co_return;
  }
  auto body = models.list(exchange.services, *names, exchange.request.page);
  if (body) {
    sendJson(exchange.reply, std::move(*body));
  } else {
    sendError(exchange, models.errors, body.error());
  }
}

Task<void> getModel(Exchange& exchange, const ModelsDialect& models) {
  const auto names = co_await visibleModels(exchange);
  if (!names) {
    sendError(exchange, models.errors, names.error());
    co_return;
  }
  const auto asked = readModelName(exchange.services.settings, exchange.request.modelId);
  const auto name = asked ? asked->plain : std::string();
  if (std::ranges::find(*names, name) != names->end()) {
    sendJson(exchange.reply, models.one(exchange.services, name));
  } else {
    sendError(exchange, models.errors, asked ? modelNotFound(asked->asked) : asked.error());
  }
}

}  // namespace rondo::gateway
