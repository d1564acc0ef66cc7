#include "gateway/answers.h"
#include "gateway/ask.h"
#include "gateway/chat_question.h"
#include "gateway/operations.h"
#include "gateway/stored_content.h"
#include "gateway/stream_reply.h"
#include "openai/error.h"

namespace rondo::gateway {
namespace {

constexpr std::string_view kKeepAlive = ": keep-alive\n\n";

// Notes what the answer has cost by the time that the client has all of it, or has left.
class UsageNote {
 public:
  UsageNote(Exchange& exchange, const ChatQuestion& question)
      : exchange_(exchange), question_(question) {}
  UsageNote(const UsageNote&) = delete;
  UsageNote& operator=(const UsageNote&) = delete;
  ~UsageNote() { exchange_.record.usage = question_.usage(); }

 private:
  Exchange& exchange_;
  const ChatQuestion& question_;
};

// A stream that has begun, up to its end, a fault or the client's leaving.
Task<void> pump(Exchange& exchange, ChatQuestion& question, StreamReply& reply) {
  const UsageNote note(exchange, question);
  for (bool isOver = false; !isOver;) {
    auto piece = co_await question.next();
    if (!piece) {
      const streaming::StreamFault& fault = piece.error();
      exchange.services.host.logger.log(
          host::LogLevel::Warn, "stream_broken",
          {{"request", exchange.request.id}, {"code", fault.error.code}});
      co_await reply.write(fault.output + openai::errorEvent(fault.error));
      co_return;
    }
    isOver = piece->isLast;
    if (piece->output.empty()) continue;
    const bool isThere = co_await reply.write(std::move(piece->output));
    if (!isThere) co_return;
  }
}

Task<void> answerStream(Exchange& exchange, ChatQuestion& question, Targets targets) {
  StreamReply reply(exchange, kKeepAlive);
  auto asked = co_await ask(exchange, question, std::move(targets));
  if (!asked.attempt && !reply.hasBegun()) {
    sendError(exchange.reply, asked.attempt.error(), answerHeaders(exchange, asked.model, nullptr));
    co_return;
  }
  if (asked.attempt) {
    reply.begin(answerHeaders(exchange, asked.model, &*asked.attempt));
    co_await pump(exchange, question, reply);
  } else {
    co_await reply.write(openai::errorEvent(asked.attempt.error()));
  }
  reply.end();
}

Task<void> answerWhole(Exchange& exchange, ChatQuestion& question, Targets targets) {
  auto asked = co_await ask(exchange, question, std::move(targets));
  const Attempt* attempt = asked.attempt ? &*asked.attempt : nullptr;
  auto headers = answerHeaders(exchange, asked.model, attempt);
  if (attempt) {
    sendJson(exchange.reply, question.takeWhole(), std::move(headers));
  } else {
    sendError(exchange.reply, asked.attempt.error(), std::move(headers));
  }
}

}  // namespace

Task<void> chatCompletions(Exchange& exchange) {
  const auto& settings = exchange.services.settings;
  auto request = openai::parseChatRequest(exchange.request.body.view());
  if (!request) {
    sendError(exchange.reply, request.error());
    co_return;
  }
  auto targets = targetsOf(settings, exchange.request, request->model);
  if (!targets) {
    sendError(exchange.reply, targets.error());
    co_return;
  }
  exchange.request.modelId = targets->model.asked;
  if (const auto refused = refusedContent(*request, settings, exchange.request.client)) {
    sendError(exchange.reply, *refused);
    co_return;
  }
  const bool isStream = request->stream == openai::Streaming::On;
  ChatQuestion question(exchange, std::move(*request), targets->model.asked);
  if (isStream) {
    co_await answerStream(exchange, question, std::move(*targets));
  } else {
    co_await answerWhole(exchange, question, std::move(*targets));
  }
}

}  // namespace rondo::gateway
