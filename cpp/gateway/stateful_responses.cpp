#include "gateway/stateful_responses.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/keeper.h"
#include "gateway/operations.h"
#include "gateway/send_reply.h"
#include "openai/responses_dialect.h"
#include "openai/responses_memory.h"

namespace rondo::gateway {
namespace {

using host::LogLevel;
using host::Recalled;
using openai::MemoryUse;
using openai::ResponsesCall;

// Sealed, it is a little more.
constexpr std::size_t kMostKept = 8 * 1024 * 1024 - 64 * 1024;

Error storeFailed() {
  return makeError(ErrorKind::Unavailable,
                   "What is stored for this client can't be read just now. Try again in a moment.",
                   "store_unavailable");
}

// Its words are OpenAI's.
Error notFound(const Recalled& recalled, const MemoryUse& use) {
  const std::string id = recalled.lacking.substr(0, 100);
  switch (recalled.lack) {
    case Recalled::Lack::Nothing:
    case Recalled::Lack::TooMuch: break;
    case Recalled::Lack::Response:
      return badRequest("Previous response with id '" + id + "' not found.", "previous_response_id",
                        "previous_response_not_found");
    case Recalled::Lack::Conversation: {
      Error error = makeError(ErrorKind::NotFound, "Conversation with id '" + id + "' not found.",
                              "conversation_not_found");
      error.param = "conversation";
      return error;
    }
    case Recalled::Lack::Item: {
      Error error = makeError(ErrorKind::NotFound,
                              "Item with id '" + id +
                                  "' not found. Items are not persisted when `store` is set to "
                                  "false. Try again with `store` set to true, or remove this item "
                                  "from your input.",
                              "item_not_found");
      for (const auto& reference : use.references) {
        if (reference.id != recalled.lacking) continue;
        error.param = "input[" + std::to_string(reference.place) + "].id";
        break;
      }
      return error;
    }
  }
  return badRequest(
      "What is stored of this conversation is more than a request may hold. Begin another one, "
      "with a summary of it.",
      std::string(openai::memoryField(use)), "context_length_exceeded");
}

// Puts what the request refers to into its body. Gives how many bytes of that are earlier turns.
Task<Result<std::size_t>> recall(Exchange& exchange, const MemoryUse& use) {
  if (!use.recalls()) co_return std::size_t{0};
  host::Recall asked{use.previous, use.conversation, {}};
  for (const auto& reference : use.references) asked.items.push_back(reference.id);
  const auto recalled = co_await exchange.request.store->recall(std::move(asked));
  if (!recalled) {
    exchange.services.host.logger.log(
        LogLevel::Warn, "store_unreadable",
        {{"request", exchange.request.id}, {"message", recalled.error().message}});
    co_return fail(storeFailed());
  }
  const bool isWhole =
      recalled->lack == Recalled::Lack::Nothing && recalled->items.size() == use.references.size();
  if (!isWhole) co_return fail(notFound(*recalled, use));
  auto& body = exchange.request.body;
  const std::string made = openai::withItems(body.view(), use, recalled->history, recalled->items);
  if (!exchange.io.holdings.hold(made.size())) {
    co_return fail(makeError(ErrorKind::Unavailable,
                             "The gateway holds too many large requests just now. Try again in a "
                             "moment.",
                             "overloaded"));
  }
  body = OwnedBytes::copyOf(made);
  std::size_t earlier = 0;
  for (const auto& item : recalled->history) earlier += item.size();
  co_return earlier;
}

// Keeps a response with its input.
class ResponsesKeeper : public Keeper {
 public:
  // `earlier`: so many bytes of the body are turns that are kept already.
  ResponsesKeeper(Exchange& exchange, const MemoryUse& use, std::size_t earlier)
      : exchange_(exchange), use_(use) {
    const std::string_view body = exchange.request.body.view();
    isTooLarge_ = body.size() - earlier > kMostKept;
    if (!isTooLarge_) inputs_ = openai::inputItems(body);
  }

  // Where the response's JSON is put when it is there.
  std::string& response() { return response_; }

  Task<Outcome> keep(std::string_view) override {
    auto split = openai::splitResponse(response_);
    if (!split) co_return Outcome::Fine;
    if (isTooLarge_ || response_.size() > kMostKept) co_return failed("it is too large");
    host::Turn turn;
    turn.id = std::move(split->id);
    turn.previous = use_.previous;
    turn.conversation = use_.conversation;
    if (use_.store == MemoryUse::Store::No) turn.kept = host::Turn::Kept::InConversationAlone;
    turn.before = std::move(split->before);
    turn.behind = std::move(split->behind);
    turn.inputs = std::move(inputs_);
    turn.outputs = std::move(split->outputs);
    const auto kept = co_await exchange_.request.store->keep(std::move(turn));
    co_return kept ? Outcome::Fine : failed(kept.error().message);
  }

  std::string unkept(std::string whole) const override {
    return openai::unstored(std::move(whole));
  }

 private:
  Outcome failed(std::string message) const {
    exchange_.services.host.logger.log(
        LogLevel::Warn, "response_not_kept",
        {{"request", exchange_.request.id}, {"message", std::move(message)}});
    return Outcome::Failed;
  }

  Exchange& exchange_;
  const MemoryUse& use_;
  std::vector<std::string> inputs_;
  bool isTooLarge_ = false;
  std::string response_;
};

bool keeps(const MemoryUse& use, ResponsesCall call) {
  if (call != ResponsesCall::Create) return false;
  return use.store == MemoryUse::Store::Yes || !use.conversation.empty();
}

}  // namespace

Task<void> statefulResponses(Exchange& exchange, ResponsesCall call) {
  if (!exchange.request.store) {
    const auto dialect =
        openai::storingResponsesDialect(call, openai::Storing::Denied, nullptr, {});
    co_await chat(exchange, *dialect);
    co_return;
  }
  const auto use = openai::readMemoryUse(exchange.request.body.view());
  if (!use) {
    sendError(exchange, use.error());
    co_return;
  }
  if (!use->claimed.empty()) {
    auto& body = exchange.request.body;
    body = OwnedBytes::copyOf(openai::withoutClaims(body.view(), *use));
  }
  const auto earlier = co_await recall(exchange, *use);
  if (!earlier) {
    sendError(exchange, earlier.error());
    co_return;
  }
  std::unique_ptr<ResponsesKeeper> keeper;
  if (keeps(*use, call)) keeper = std::make_unique<ResponsesKeeper>(exchange, *use, *earlier);
  const auto dialect = openai::storingResponsesDialect(
      call, openai::Storing::On, keeper ? &keeper->response() : nullptr, openai::memoryField(*use));
  co_await chat(exchange, *dialect, keeper.get());
}

}  // namespace rondo::gateway
