#include <utility>

#include "gateway/ask.h"
#include "gateway/chat_question.h"
#include "gateway/judgement.h"
#include "gateway/operations.h"
#include "gateway/operator_answers.h"
#include "gateway/pool_errors.h"
#include "gateway/send_reply.h"
#include "gateway/stored_content.h"
#include "gateway/stream_reply.h"

namespace rondo::gateway {
namespace {

using conversation::Dialect;

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

// One request on its way to its answer.
class Chat {
 public:
  Chat(Exchange& exchange, const Dialect& dialect, ChatQuestion& question, Keeper* keeper)
      : exchange_(exchange), dialect_(dialect), question_(question), keeper_(keeper) {}

  Task<void> answerStream(Targets targets) {
    StreamReply reply(exchange_, dialect_.keepAlive());
    auto asked = co_await ask(exchange_, question_, std::move(targets));
    if (!asked.attempt && !reply.hasBegun()) {
      sendError(exchange_, dialect_, asked.attempt.error(),
                answerHeaders(exchange_, asked.model, nullptr));
      co_return;
    }
    if (asked.attempt) {
      reply.begin(answerHeaders(exchange_, asked.model, &*asked.attempt));
      co_await pump(reply, asked.model, *asked.attempt);
    } else {
      exchange_.record.error = asked.attempt.error().code;
      co_await reply.write(question_.refusal(asked.attempt.error()));
    }
    reply.end();
  }

  Task<void> answerWhole(Targets targets) {
    auto asked = co_await ask(exchange_, question_, std::move(targets));
    const Attempt* attempt = asked.attempt ? &*asked.attempt : nullptr;
    auto headers = answerHeaders(exchange_, asked.model, attempt);
    if (attempt) {
      std::string whole = question_.takeWhole();
      const bool isLost = keeper_ && co_await keeper_->keep(whole) == Keeper::Outcome::Failed;
      if (isLost) tellAdjusted(headers, "store");
      sendJson(exchange_.reply, std::move(whole), std::move(headers));
    } else {
      sendError(exchange_, dialect_, asked.attempt.error(), std::move(headers));
    }
  }

 private:
  // A stream that has begun, up to its end, a fault or the client's leaving.
  Task<void> pump(StreamReply& reply, const ModelName& model, const Attempt& attempt) {
    const UsageNote note(exchange_, question_);
    auto fault = co_await question_.passOn(reply, keeper_);
    if (!fault) co_return;
    if (!fault->googleError.empty()) fault->error = judged(*fault, model, attempt);
    exchange_.record.error = fault->error.code;
    exchange_.services.host.logger.log(
        host::LogLevel::Warn, "stream_broken",
        {{"request", exchange_.request.id}, {"code", fault->error.code}});
    co_await reply.write(question_.breakOff(*fault));
  }

  // A refusal of Google's in the middle of its answer: the pool learns of it as of any.
  Error judged(const streaming::StreamFault& fault, const ModelName& model,
               const Attempt& attempt) const {
    const Instant now = exchange_.services.host.clock.now();
    const Loss loss{attempt, google::classify(200, {}, fault.googleError, now), {}};
    judge(exchange_, model.google, loss, {});
    return brokenOff(loss.refusal, now);
  }

  Exchange& exchange_;
  const Dialect& dialect_;
  ChatQuestion& question_;
  Keeper* keeper_;
};

}  // namespace

Task<void> chat(Exchange& exchange, const Dialect& dialect, Keeper* keeper) {
  const auto& settings = exchange.services.settings;
  const std::string& pinned = exchange.request.credential;
  if (!pinned.empty()) {
    exchange.request.fallback = Fallback::Off;
    if (!credentialNamed(exchange.services.pool, pinned)) {
      sendError(exchange, dialect, credentialNotFound());
      co_return;
    }
  }
  auto sent = dialect.read(exchange.request.body.view(), exchange.request.modelId);
  if (!sent) {
    sendError(exchange, dialect, sent.error());
    co_return;
  }
  auto targets = targetsOf(settings, exchange.request, sent->request.model);
  if (!targets) {
    sendError(exchange, dialect, targets.error());
    co_return;
  }
  exchange.request.modelId = targets->model.asked;
  if (const auto refused = refusedContent(*sent, settings, exchange.request.client)) {
    sendError(exchange, dialect, *refused);
    co_return;
  }
  const bool isStream = sent->request.stream == conversation::Streaming::On;
  const bool isUnkept = isStream && keeper && !keeper->takesStreams();
  if (isUnkept) sent->request.adjusted.emplace_back("store");
  if (isUnkept) keeper = nullptr;
  ChatQuestion question(exchange, std::move(*sent), targets->model.asked);
  Chat made(exchange, dialect, question, keeper);
  if (isStream) {
    co_await made.answerStream(std::move(*targets));
  } else {
    co_await made.answerWhole(std::move(*targets));
  }
}

}  // namespace rondo::gateway
