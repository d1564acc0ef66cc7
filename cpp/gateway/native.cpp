#include <algorithm>
#include <utility>

#include "gateway/ask.h"
#include "gateway/native_errors.h"
#include "gateway/native_question.h"
#include "gateway/operations.h"
#include "gateway/place.h"
#include "gateway/pool_errors.h"
#include "gateway/send_reply.h"
#include "gateway/stored_content.h"

namespace rondo::gateway {
namespace {

const conversation::ErrorWords& wordsFor(const Exchange& exchange) {
  return isArray(exchange.request.native) ? nativeArrayErrors() : nativeErrors();
}

// Of a verb that no credential's back-end has.
Error verbNotServed(const NativeCall& call) {
  const bool isVertex = google::hasVerb(google::Backend::Vertex, call.verb);
  return makeError(ErrorKind::BadRequest,
                   "`" + call.verb + "` needs a credential of the pool that is " +
                       (isVertex ? "a service account or another one of Vertex AI"
                                 : "an API key of the Gemini API") +
                       ", and there is none.",
                   "method_not_supported");
}

bool isServed(const Exchange& exchange, const NativeQuestion& question) {
  const auto& all = exchange.services.pool.credentials();
  return all.empty() || std::ranges::any_of(all, [&question](const auto& credential) {
           return question.canGoThrough(credential);
         });
}

// What Google found wrong with the request, in its own words.
void sendRefused(Exchange& exchange, const NativeQuestion::Refused& refused, const Error& error,
                 http::Headers headers) {
  exchange.record.error = error.code;
  headers.set("content-type", "application/json; charset=UTF-8");
  exchange.reply.send({{refused.status, std::move(headers)}, refused.body});
}

void sendLoss(Exchange& exchange, const NativeQuestion& question, const Asked& asked) {
  const Error& error = asked.attempt.error();
  auto headers = answerHeaders(exchange, asked.model, nullptr);
  if (question.refused()) {
    sendRefused(exchange, *question.refused(), error, std::move(headers));
  } else {
    sendError(exchange, wordsFor(exchange), error, std::move(headers));
  }
}

}  // namespace

Task<void> native(Exchange& exchange) {
  auto targets = targetsOf(exchange.services.settings, exchange.request, exchange.request.modelId);
  if (!targets) {
    sendError(exchange, wordsFor(exchange), targets.error());
    co_return;
  }
  exchange.request.modelId = targets->model.asked;
  const auto unnamed = co_await refusedContent(*exchange.io.held, exchange.services.settings,
                                               exchange.request.client);
  if (unnamed) {
    sendError(exchange, wordsFor(exchange), *unnamed);
    co_return;
  }
  NativeQuestion question(exchange);
  if (!isServed(exchange, question)) {
    sendError(exchange, wordsFor(exchange), verbNotServed(exchange.request.native));
    co_return;
  }
  auto asked = co_await ask(exchange, question, std::move(*targets));
  if (!asked.attempt) {
    sendLoss(exchange, question, asked);
    co_return;
  }
  co_await question.passOn(answerHeaders(exchange, asked.model, &*asked.attempt));
}

}  // namespace rondo::gateway
