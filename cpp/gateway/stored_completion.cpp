#include "gateway/stored_completion.h"

#include <string>
#include <string_view>
#include <utility>

#include "gateway/keeper.h"
#include "gateway/operations.h"
#include "gateway/send_reply.h"
#include "openai/chat_dialect.h"
#include "openai/chat_storage.h"

namespace rondo::gateway {
namespace {

using openai::ChatStorage;

// Keeps a completion with the messages that it answers.
class CompletionKeeper : public Keeper {
 public:
  CompletionKeeper(Exchange& exchange, ChatStorage storage)
      : exchange_(exchange), storage_(std::move(storage)) {}

  Task<Outcome> keep(std::string_view whole) override {
    // For one without a key there is nothing to keep it in.
    if (!exchange_.request.store) co_return Outcome::Failed;
    host::Completion completion{openai::completionId(whole), std::string(whole),
                                std::move(storage_.metadata), std::move(storage_.messages)};
    const auto kept = co_await exchange_.request.store->keep(std::move(completion));
    if (kept) co_return Outcome::Fine;
    exchange_.services.host.logger.log(
        host::LogLevel::Warn, "completion_not_kept",
        {{"request", exchange_.request.id}, {"message", kept.error().message}});
    co_return Outcome::Failed;
  }

  // What goes out piece by piece is nowhere whole.
  bool takesStreams() const override { return false; }

 private:
  Exchange& exchange_;
  ChatStorage storage_;
};

}  // namespace

Task<void> storedCompletion(Exchange& exchange) {
  auto storage = openai::readChatStorage(exchange.request.body.view());
  if (!storage) {
    sendError(exchange, storage.error());
    co_return;
  }
  if (storage->store == ChatStorage::Store::No) {
    co_await chat(exchange, openai::chatDialect());
    co_return;
  }
  CompletionKeeper keeper(exchange, std::move(*storage));
  co_await chat(exchange, openai::chatDialect(), &keeper);
}

}  // namespace rondo::gateway
