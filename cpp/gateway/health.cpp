#include <algorithm>

#include "gateway/operations.h"
#include "gateway/send_reply.h"
#include "json/value.h"

namespace rondo::gateway {

void reportHealth(Exchange& exchange) {
  const auto& pool = exchange.services.pool;
  const auto statuses = pool.status(exchange.services.host.clock.now());
  const auto quarantined = std::ranges::count_if(statuses, [](const auto& status) {
    return status.state == credentials::CredentialState::Quarantined;
  });
  const auto total = static_cast<std::int64_t>(pool.credentials().size());
  const bool kv = exchange.services.kv == KvBinding::Present;
  const bool healthy = kv && total > quarantined;
  json::Value body = json::Value::object();
  body["status"] = healthy ? "ok" : "unavailable";
  body["kv"] = kv;
  body["credentials"] = {{"total", total}, {"quarantined", quarantined}};
  http::Headers headers{{"content-type", "application/json"}, {"cache-control", "no-store"}};
  exchange.reply.send({{healthy ? 200 : 503, std::move(headers)}, json::dump(body)});
}

}  // namespace rondo::gateway
