#include "gateway/operations.h"
#include "gateway/operator_answers.h"
#include "gateway/send_reply.h"
#include "json/value.h"

namespace rondo::gateway {
void resetCredential(Exchange& exchange) {
  const auto& services = exchange.services;
  const auto* credential = credentialNamed(services.pool, exchange.request.credential);
  if (!credential) {
    sendError(exchange, credentialNotFound());
    return;
  }
  exchange.pool = Exchange::PoolUse::Used;
  const bool wasOut = services.pool.isQuarantined(credential->id);
  services.pool.reset(credential->id, services.host.clock.now());
  services.host.logger.log(host::LogLevel::Info, "credential_reset",
                           {{"request", exchange.request.id}, {"credential", credential->alias}});
  if (wasOut) services.alerts.credentialWell(credential->alias);
  json::Value body = json::Value::object();
  body["credential"] = credential->alias;
  body["id"] = credential->id;
  body["state"] = "ready";
  sendToOperator(exchange, json::dump(body));
}

}  // namespace rondo::gateway
