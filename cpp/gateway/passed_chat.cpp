#include "gateway/passed_chat.h"

#include <algorithm>
#include <utility>

#include "gateway/ask.h"
#include "gateway/operator_answers.h"
#include "gateway/passed_body.h"
#include "gateway/passed_chat_question.h"
#include "gateway/send_reply.h"
#include "gateway/stored_content.h"

namespace rondo::gateway {
namespace {

Error notServed() {
  return makeError(ErrorKind::BadRequest,
                   "Chat completions are passed through to Google's own endpoint here, which needs "
                   "an API key of the Gemini API, or a service account or another credential of "
                   "Vertex AI that is no key, and the pool has none.",
                   "method_not_supported");
}

bool isServed(const Exchange& exchange, const PassedChatQuestion& question) {
  const auto& all = exchange.services.pool.credentials();
  return all.empty() || std::ranges::any_of(all, [&question](const auto& credential) {
           return question.canGoThrough(credential);
         });
}

google::Uses usesOf(const openai::PassedChat& chat) {
  google::Uses uses;
  const json::Node root = chat.document.root();
  if (namesStored(root)) uses.features.insert(google::Feature::StoredContent);
  if (asksForHostedTools(root)) uses.features.insert(google::Feature::HostedTools);
  return uses;
}

}  // namespace

bool mayBePassed(const Settings& settings) {
  return settings.chatMode == ChatMode::Passthrough ||
         std::ranges::any_of(settings.modelAliases, [](const auto& alias) {
           return alias.second.mode == ChatMode::Passthrough;
         });
}

bool isPassed(const Settings& settings, std::string_view model) {
  return nameModel(settings, model).mode == ChatMode::Passthrough;
}

Task<void> passedChat(Exchange& exchange, openai::PassedChat chat) {
  if (const auto held = holdToCredential(exchange); !held) {
    sendError(exchange, held.error());
    co_return;
  }
  const auto& settings = exchange.services.settings;
  auto targets = targetsOf(settings, exchange.request, chat.model);
  if (!targets) {
    sendError(exchange, targets.error());
    co_return;
  }
  exchange.request.modelId = targets->model.asked;
  const auto unnamed = refusedContent(chat.document.root(), settings, exchange.request.client);
  if (unnamed) {
    sendError(exchange, *unnamed);
    co_return;
  }
  auto uses = usesOf(chat);
  PassedChatQuestion question(exchange, std::move(chat), std::move(uses));
  if (!isServed(exchange, question)) {
    sendError(exchange, notServed());
    co_return;
  }
  auto asked = co_await ask(exchange, question, std::move(*targets));
  const Attempt* attempt = asked.attempt ? &*asked.attempt : nullptr;
  auto headers = answerHeaders(exchange, asked.model, attempt);
  if (attempt) {
    co_await question.passOn(std::move(headers));
  } else {
    sendError(exchange, asked.attempt.error(), std::move(headers));
  }
}

}  // namespace rondo::gateway
