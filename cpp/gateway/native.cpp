#include <algorithm>
#include <utility>

#include "gateway/ask.h"
#include "gateway/google_refusal.h"
#include "gateway/named_credential.h"
#include "gateway/native_embeddings.h"
#include "gateway/native_errors.h"
#include "gateway/native_question.h"
#include "gateway/operations.h"
#include "gateway/place.h"
#include "gateway/pool_errors.h"
#include "gateway/send_reply.h"

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
                                 : "an API key of the Gemini API or another one of its") +
                       ", and there is none.",
                   "method_not_supported");
}

bool isServed(const Exchange& exchange, const NativeQuestion& question) {
  const auto& all = exchange.services.pool.credentials();
  const std::string& pinned = exchange.request.credential;
  return all.empty() || std::ranges::any_of(all, [&](const auto& credential) {
           const bool isMeant = pinned.empty() || credential.id == pinned;
           return isMeant && question.canGoThrough(credential);
         });
}

void sendLoss(Exchange& exchange, const NativeQuestion& question, const Asked& asked) {
  const Error& error = asked.attempt.error();
  auto headers = answerHeaders(exchange, asked.model, nullptr);
  if (question.refused()) {
    sendRefusal(exchange, *question.refused(), error, std::move(headers));
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
  auto body = co_await bodyForGoogle(exchange);
  if (!body) {
    sendError(exchange, wordsFor(exchange), body.error());
    co_return;
  }
  const auto unnamed = co_await contentRefused(exchange, *body);
  if (unnamed) {
    sendError(exchange, wordsFor(exchange), *unnamed);
    co_return;
  }
  if (mustBeTranslated(exchange, targets->model)) {
    co_await nativeEmbedding(exchange, std::move(targets->model));
    co_return;
  }
  NativeQuestion question(exchange, targets->model, std::move(*body));
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
