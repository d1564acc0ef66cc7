#include "gateway/google_refusal.h"

#include <utility>

namespace rondo::gateway {

void sendRefusal(Exchange& exchange, const GoogleRefusal& refusal, const Error& error,
                 http::Headers headers) {
  exchange.record.error = error.code;
  headers.set("content-type", "application/json; charset=UTF-8");
  exchange.reply.send({{refusal.status, std::move(headers)}, refusal.body});
}

}  // namespace rondo::gateway
