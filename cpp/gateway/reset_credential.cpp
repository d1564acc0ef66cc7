#include <algorithm>

#include "gateway/answers.h"
#include "gateway/operations.h"
#include "json/value.h"

namespace rondo::gateway {
namespace {

const credentials::Credential* named(const credentials::CredentialManager& pool,
                                     std::string_view name) {
  const auto& all = pool.credentials();
  const auto found = std::ranges::find_if(all, [name](const credentials::Credential& each) {
    return each.id == name || each.alias == name;
  });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

void resetCredential(Exchange& exchange) {
  const auto& services = exchange.services;
  const auto* credential = named(services.pool, exchange.request.credential);
  if (!credential) {
    Error error = makeError(ErrorKind::NotFound, "The pool has no credential of this alias or id.",
                            "credential_not_found");
    error.param = "credential";
    sendError(exchange, error);
    return;
  }
  exchange.pool = Exchange::PoolUse::Used;
  services.pool.reset(credential->id, services.host.clock.now());
  services.host.logger.log(host::LogLevel::Info, "credential_reset",
                           {{"request", exchange.request.id}, {"credential", credential->alias}});
  json::Value body = json::Value::object();
  body["credential"] = credential->alias;
  body["id"] = credential->id;
  body["state"] = "ready";
  sendJson(exchange.reply, json::dump(body));
}

}  // namespace rondo::gateway
