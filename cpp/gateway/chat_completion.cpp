#include "gateway/chat_completion.h"

#include <utility>

#include "gateway/operations.h"
#include "gateway/passed_chat.h"
#include "gateway/send_reply.h"
#include "gateway/stored_completion.h"

namespace rondo::gateway {
namespace {

Task<void> translated(Exchange& exchange, const conversation::Dialect& dialect) {
  return exchange.request.memory == Memory::Missing ? chat(exchange, dialect)
                                                    : storedCompletion(exchange);
}

// What hides its cost from a limit of tokens is translated: then it is counted here.
bool mayPass(const openai::PassedChat& chat, const ClientRequest& request) {
  return request.client.tokens == Client::Tokens::Free ||
         chat.cost == openai::PassedChat::Cost::Told;
}

}  // namespace

Task<void> chatCompletion(Exchange& exchange, const conversation::Dialect& dialect) {
  const Settings& settings = exchange.services.settings;
  // Most deployments pass none, and needn't read a body twice.
  if (!mayBePassed(settings)) {
    co_await translated(exchange, dialect);
    co_return;
  }
  auto chat = openai::readPassedChat(exchange.request.body.view());
  if (!chat) {
    sendError(exchange, dialect, chat.error());
  } else if (isPassed(settings, chat->model) && mayPass(*chat, exchange.request)) {
    co_await passedChat(exchange, std::move(*chat));
  } else {
    *chat = {};
    co_await translated(exchange, dialect);
  }
}

}  // namespace rondo::gateway
