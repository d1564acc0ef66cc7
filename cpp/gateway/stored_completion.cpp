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

  // Where a stream's completion is put when it has come to its end.
  std::string& streamed() { return streamed_; }

  Task<Outcome> keep(std::string_view whole) override {
    // For one without a key there is nothing to keep it in.
    if (!exchange_.request.store) co_return Outcome::Failed;
    std::string body = whole.empty() ? std::move(streamed_) : std::string(whole);
    if (body.empty()) co_return failed("it is too large");
    std::string id = openai::completionId(body);
    host::Completion completion{std::move(id), std::move(body), std::move(storage_.metadata),
                                std::move(storage_.messages)};
    const auto kept = co_await exchange_.request.store->keep(std::move(completion));
    co_return kept ? Outcome::Fine : failed(kept.error().message);
  }

  // A stream can tell only before it begins that it is not kept.
  bool takesStreams() const override { return exchange_.request.store != nullptr; }

 private:
  Outcome failed(std::string message) const {
    exchange_.services.host.logger.log(
        host::LogLevel::Warn, "completion_not_kept",
        {{"request", exchange_.request.id}, {"message", std::move(message)}});
    return Outcome::Failed;
  }

  Exchange& exchange_;
  ChatStorage storage_;
  std::string streamed_;
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
  const auto dialect = openai::storingChatDialect(keeper.streamed());
  co_await chat(exchange, *dialect, &keeper);
}

}  // namespace rondo::gateway
