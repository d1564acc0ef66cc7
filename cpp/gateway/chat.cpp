#include <utility>

#include "gateway/ask.h"
#include "gateway/call_signatures.h"
#include "gateway/chat_question.h"
#include "gateway/judgement.h"
#include "gateway/named_files.h"
#include "gateway/operations.h"
#include "gateway/operator_answers.h"
#include "gateway/pool_errors.h"
#include "gateway/random_id.h"
#include "gateway/send_reply.h"
#include "gateway/several.h"
#include "gateway/stored_content.h"
#include "gateway/stream_reply.h"
#include "google/model_family.h"

namespace rondo::gateway {
namespace {

using conversation::Dialect;

conversation::BesideBody besideBody(const ClientRequest& request) {
  return {request.modelId, request.contentType};
}

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
    const StreamKind kind(question_.format().streamType());
    StreamReply reply(exchange_, kind.type, kind.tellsErrors ? dialect_.keepAlive() : "");
    auto asked = co_await ask(exchange_, question_, std::move(targets));
    if (!asked.attempt && !reply.hasBegun()) {
      sendError(exchange_, dialect_, asked.attempt.error(),
                answerHeaders(exchange_, asked.model, nullptr));
      co_return;
    }
    if (asked.attempt) {
      reply.begin(answerHeaders(exchange_, asked.model, &*asked.attempt));
      const bool isWhole = co_await pump(reply, asked.model, *asked.attempt);
      // The worker breaks off what is never ended.
      exchange_.record.isBrokenOff = !isWhole && !kind.tellsErrors;
      if (exchange_.record.isBrokenOff) co_return;
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
      if (isLost) {
        tellAdjusted(headers, "store");
        whole = keeper_->unkept(std::move(whole));
      }
      sendWhole(exchange_.reply, std::move(whole), question_.format().wholeType(),
                std::move(headers));
    } else {
      sendError(exchange_, dialect_, asked.attempt.error(), std::move(headers));
    }
  }

 private:
  // A stream of anything but events tells sound or the like, and nothing else.
  struct StreamKind {
    explicit StreamKind(std::string_view of)
        : type(of), tellsErrors(of == conversation::AnswerFormat::kEventStream) {}

    std::string_view type;
    bool tellsErrors;
  };

  // A stream that has begun, up to its end, a fault or the client's leaving. Whether there was no
  // fault.
  Task<bool> pump(StreamReply& reply, const ModelName& model, const Attempt& attempt) {
    const UsageNote note(exchange_, question_);
    auto fault = co_await question_.passOn(reply, keeper_);
    if (!fault) co_return true;
    if (!fault->googleError.empty()) fault->error = judged(*fault, model, attempt);
    exchange_.record.error = fault->error.code;
    exchange_.services.host.logger.log(
        host::LogLevel::Warn, "stream_broken",
        {{"request", exchange_.request.id}, {"code", fault->error.code}});
    co_await reply.write(question_.breakOff(*fault));
    co_return false;
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

// As many readings of the body as answers are wanted. It was read before.
std::vector<conversation::Sent> readAgain(Exchange& exchange, const Dialect& dialect,
                                          conversation::Sent first, const Targets& targets) {
  const auto wanted = static_cast<std::size_t>(first.answers);
  std::vector<conversation::Sent> all;
  all.push_back(std::move(first));
  while (all.size() < wanted) {
    auto more = dialect.read(exchange.request.body.view(), besideBody(exchange.request));
    if (!more || useNamedFiles(exchange, more->request, targets)) break;
    all.push_back(std::move(*more));
  }
  return all;
}

// Several answers, told as one.
Task<void> answerSeveral(Exchange& exchange, const Dialect& dialect, conversation::Sent first,
                         Targets targets) {
  const conversation::AnswerHead head{randomId(exchange.services.host.entropy),
                                      unixSeconds(exchange.services.host.clock.now()),
                                      targets.model.asked,
                                      {},
                                      exchange.request.id};
  auto sent = readAgain(exchange, dialect, std::move(first), targets);
  const auto format = dialect.read(exchange.request.body.view(), besideBody(exchange.request));
  auto [answer, asked] = co_await askSeveral(exchange, std::move(sent), std::move(targets));
  const Attempt* attempt = asked.attempt ? &*asked.attempt : nullptr;
  auto headers = answerHeaders(exchange, asked.model, attempt);
  exchange.record.usage = answer.usage;
  Result<std::string> whole =
      attempt ? format->format->whole(head, std::move(answer)) : fail(asked.attempt.error());
  if (whole) {
    sendWhole(exchange.reply, std::move(*whole), format->format->wholeType(), std::move(headers));
  } else {
    sendError(exchange, dialect, whole.error(), std::move(headers));
  }
}

bool makesImages(const ModelName& model) {
  return google::ModelFamily::parse(model.google).makesImages();
}

// What is asked for with a tool that makes images, of a model that makes none. Such a one doesn't
// stand in for another either.
std::optional<Error> holdToImages(const conversation::Request& request, Targets& targets) {
  if (!request.imageTool) return std::nullopt;
  std::erase_if(targets.fallbacks, [](const ModelName& model) { return !makesImages(model); });
  if (makesImages(targets.model)) return std::nullopt;
  return badRequest("The model `" + targets.model.google +
                        "` makes no images: leave the tool 'image_generation' out of 'tools', or "
                        "ask a model that does.",
                    request.pathTo(*request.imageTool), "unsupported_tool");
}

}  // namespace

Task<void> chat(Exchange& exchange, const Dialect& dialect, Keeper* keeper) {
  const auto& settings = exchange.services.settings;
  if (const auto held = holdToCredential(exchange); !held) {
    sendError(exchange, dialect, held.error());
    co_return;
  }
  auto sent = dialect.read(exchange.request.body.view(), besideBody(exchange.request));
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
  if (const auto fault = holdToImages(sent->request, *targets)) {
    sendError(exchange, dialect, *fault);
    co_return;
  }
  if (const auto refused = refusedContent(*sent, settings, exchange.request.client)) {
    sendError(exchange, dialect, *refused);
    co_return;
  }
  if (const auto fault = useNamedFiles(exchange, sent->request, *targets)) {
    sendError(exchange, dialect, *fault);
    co_return;
  }
  if (auto calls = callsToRecall(exchange, sent->request, *targets); !calls.empty()) {
    co_await recallSignatures(exchange, std::move(calls));
  }
  if (sent->answers > 1) {
    co_await answerSeveral(exchange, dialect, std::move(*sent), std::move(*targets));
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
  keepSignatures(exchange, question.toldSignatures());
}

}  // namespace rondo::gateway
