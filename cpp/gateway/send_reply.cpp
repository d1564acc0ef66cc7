#include "gateway/send_reply.h"

#include <utility>

#include "openai/chat_dialect.h"

namespace rondo::gateway {
namespace {

constexpr std::string_view kJson = "application/json";

// OpenAI's SDKs take a longer `retry-after` for a mistake and come back at once.
constexpr Millis kLongestRetry = std::chrono::seconds(60);

// There are clients that sleep for as long as they are told, be it till tomorrow.
constexpr Millis kLongestSleep = std::chrono::seconds(300);

void tellRetry(const Exchange& exchange, Millis wait, http::Headers& headers) {
  const Instant reset = exchange.services.host.clock.now() + wait;
  headers.set("x-rondo-reset", formatRfc3339(reset));
  if (wait > kLongestRetry) headers.set("x-should-retry", "false");
  if (wait > kLongestSleep) return;
  headers.set("retry-after", std::to_string(retryAfterSeconds(wait)));
  headers.set("retry-after-ms", std::to_string(wait.count()));
}

}  // namespace

void sendError(Exchange& exchange, const conversation::ErrorWords& words, const Error& error,
               http::Headers headers) {
  headers.set("content-type", std::string(kJson));
  exchange.record.error = error.code;
  if (error.retryAfter) tellRetry(exchange, *error.retryAfter, headers);
  auto [status, body] = words.error(error, {exchange.request.id});
  exchange.reply.send({{status, std::move(headers)}, std::move(body)});
}

void sendError(Exchange& exchange, const Error& error, http::Headers headers) {
  sendError(exchange, openai::chatDialect(), error, std::move(headers));
}

void sendToOperator(Exchange& exchange, std::string body, std::string_view type) {
  http::Headers headers{{"content-type", std::string(type)}, {"cache-control", "no-store"}};
  exchange.reply.send({{200, std::move(headers)}, std::move(body)});
}

void sendWhole(host::Reply& reply, std::string body, std::string_view type, http::Headers headers) {
  headers.set("content-type", std::string(type));
  reply.send({{200, std::move(headers)}, std::move(body)});
}

void sendJson(host::Reply& reply, std::string body, http::Headers headers) {
  sendWhole(reply, std::move(body), kJson, std::move(headers));
}

}  // namespace rondo::gateway
