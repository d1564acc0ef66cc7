#include "telemetry/counted_kv.h"

#include <utility>

namespace rondo::telemetry {

Task<Result<std::optional<std::string>>> CountedKv::get(std::string key) {
  recorder_.count(Event::Kv, "get");
  return inner_.get(std::move(key));
}

void CountedKv::putLater(std::string key, std::string value, Millis ttl) {
  recorder_.count(Event::Kv, "put");
  inner_.putLater(std::move(key), std::move(value), ttl);
}

void CountedKv::eraseLater(std::string key) {
  recorder_.count(Event::Kv, "delete");
  inner_.eraseLater(std::move(key));
}

}  // namespace rondo::telemetry
