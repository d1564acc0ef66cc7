#include "gateway/several.h"

#include <memory>
#include <utility>

#include "base/bounds.h"
#include "conversation/media.h"
#include "gateway/chat_question.h"
#include "host/holdings.h"

namespace rondo::gateway {
namespace {

using conversation::Answer;
using conversation::Event;
using conversation::Usage;

// Keeps an answer instead of telling it.
class KeptAnswer : public conversation::AnswerFormat {
 public:
  // Both outlive it.
  KeptAnswer(const conversation::AnswerFormat& inner, Answer& into) : inner_(inner), into_(into) {}

  std::unique_ptr<conversation::StreamWriter> stream(
      const conversation::AnswerHead& head) const override {
    return inner_.stream(head);
  }
  Result<std::string> whole(const conversation::AnswerHead&, Answer answer) const override {
    into_ = std::move(answer);
    return std::string();
  }
  std::string_view fieldOf(conversation::Setting setting) const override {
    return inner_.fieldOf(setting);
  }

 private:
  const conversation::AnswerFormat& inner_;
  Answer& into_;
};

// What a part holds beside the body, which all of them read.
class PartHoldings : public host::Holdings {
 public:
  explicit PartHoldings(const Exchange& whole)
      : whole_(whole.io.holdings), body_(whole.request.body.view().size()) {}

  bool hold(std::size_t bytes) override { return whole_.hold(body_ + bytes); }

 private:
  host::Holdings& whole_;
  std::size_t body_;
};

ClientRequest withoutBody(const ClientRequest& request) {
  ClientRequest part;
  part.operation = request.operation;
  part.id = request.id;
  part.modelId = request.modelId;
  part.credential = request.credential;
  part.fallback = request.fallback;
  part.client = request.client;
  return part;
}

// One of the calls, with a record and patience of its own.
struct Part {
  Part(const Exchange& whole, conversation::Sent sent, Targets targets)
      : format(std::move(sent.format)),
        holdings(whole),
        exchange{whole.services, withoutBody(whole.request), ioOf(whole), whole.reply, whole.began},
        question(exchange, {std::move(sent.request), std::make_unique<KeptAnswer>(*format, answer)},
                 targets.model.asked),
        task(ask(exchange, question, std::move(targets))) {}
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  ~Part() = default;

  host::Io ioOf(const Exchange& whole) {
    return {whole.io.fetcher, whole.io.kv, whole.io.crypto, whole.io.waiter,
            whole.io.store,   holdings,    whole.io.board};
  }

  std::unique_ptr<const conversation::AnswerFormat> format;
  PartHoldings holdings;
  Exchange exchange;
  Answer answer;
  ChatQuestion question;
  Task<Asked> task;
};

// What the whole request is told to have done.
void addRecord(RequestRecord& whole, RequestRecord part) {
  for (auto& attempt : part.attempts) whole.attempts.push_back(std::move(attempt));
  if (!whole.answering) whole.answering = part.answering;
  whole.model = std::move(part.model);
}

std::size_t sizeOf(const Answer& answer) {
  std::size_t size = 0;
  for (const Event& event : answer.events) {
    if (const auto* image = std::get_if<conversation::Image>(&event.what)) {
      size += image->url.size();
    }
  }
  return size;
}

// What is told of images.
void addUsage(std::optional<Usage>& sum, const std::optional<Usage>& more) {
  if (!more) return;
  Usage& all = sum ? *sum : sum.emplace();
  all.prompt += more->prompt;
  all.completion += more->completion;
  all.total += more->total;
  all.promptImage += more->promptImage;
}

// Gathers what the parts answer.
class Gathering {
 public:
  explicit Gathering(Exchange& exchange) : exchange_(exchange) {}

  void add(Part& part) {
    Asked asked = part.task.take();
    addRecord(exchange_.record, std::move(part.exchange.record));
    if (!asked.attempt) {
      hasFailed_ = true;
      if (!asked_) asked_ = std::move(asked);
      return;
    }
    size_ += sizeOf(part.answer);
    for (Event& event : part.answer.events) {
      event.choice = count_;
      answer_.events.push_back(std::move(event));
    }
    addUsage(answer_.usage, part.answer.usage);
    if (count_++ == 0) asked_ = std::move(asked);
  }

  // Whether another may be asked for: what one couldn't get, others won't.
  bool takesMore() const { return !hasFailed_ && size_ < bounds::kSeveralBytes; }

  SeveralAnswers finish(std::size_t wanted) {
    if (asked_->attempt && static_cast<std::size_t>(count_) < wanted) {
      asked_->attempt->adjusted.emplace_back("n");
    }
    return {std::move(answer_), std::move(*asked_)};
  }

 private:
  Exchange& exchange_;
  Answer answer_;
  std::optional<Asked> asked_;
  std::size_t size_ = 0;
  int count_ = 0;
  bool hasFailed_ = false;
};

bool hasMedia(const conversation::Request& request) {
  bool has = false;
  conversation::forEachMedium(request, [&has](const conversation::MediaPart&) { has = true; });
  return has;
}

using Parts = std::vector<std::unique_ptr<Part>>;

AnyDone anyOf(Parts& parts) {
  AnyDone any;
  for (auto& part : parts) any.add(part->task);
  return any;
}

}  // namespace

Task<SeveralAnswers> askSeveral(Exchange& exchange, std::vector<conversation::Sent> sent,
                                Targets targets) {
  exchange.pool = Exchange::PoolUse::Used;
  // Each of them would hold the media in a body of its own.
  const std::size_t atOnce = hasMedia(sent.front().request) ? 1 : bounds::kSeveralAtOnce;
  Gathering gathering(exchange);
  Parts underWay;
  std::size_t next = 0;
  while (next < sent.size() || !underWay.empty()) {
    if (!gathering.takesMore()) next = sent.size();
    while (next < sent.size() && underWay.size() < atOnce) {
      underWay.push_back(std::make_unique<Part>(exchange, std::move(sent[next]), targets));
      underWay.back()->task.start();
      ++next;
    }
    if (underWay.empty()) break;
    co_await anyOf(underWay);
    for (auto& part : underWay) {
      if (part->task.done()) gathering.add(*part);
    }
    std::erase_if(underWay, [](const auto& part) { return part->task.done(); });
  }
  co_return gathering.finish(sent.size());
}

}  // namespace rondo::gateway
