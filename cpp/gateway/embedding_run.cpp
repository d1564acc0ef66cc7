#include "gateway/embedding_run.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "gateway/embedding_question.h"
#include "gateway/model_call.h"
#include "gateway/place.h"
#include "gateway/pool_errors.h"

namespace rondo::gateway {
namespace {

// A Worker has six connections, each taken until an answer's head is there; tokens and KV need some
// too. It also bounds how many answers are held at once, each of some megabytes.
constexpr std::size_t kMostAtOnce = 4;

// Of the calls that a request may make, those that aren't planned for: tokens, and calls that are
// refused and made again.
constexpr std::size_t kSpareCalls = 5;

// What nearly every model gives that isn't told how many.
constexpr std::size_t kUsualDimensions = 3072;

// What a call is on its own: its attempts and its waits are not those of the others.
Exchange exchangeOf(const Exchange& whole) {
  ClientRequest request;
  request.operation = whole.request.operation;
  request.id = whole.request.id;
  request.modelId = whole.request.modelId;
  request.credential = whole.request.credential;
  request.client = whole.request.client;
  return {whole.services, std::move(request), whole.io, whole.reply, whole.began};
}

Task<std::expected<Attempt, Rejection>> askOnce(Exchange& exchange, Question& question,
                                                ModelName model) {
  ModelCall call(exchange, question, std::move(model));
  co_return co_await call.run();
}

// A call under way.
class Call {
 public:
  Call(Exchange& whole, EmbeddingWork& work, const ModelName& model, google::Backend likely)
      : whole_(whole),
        exchange_(exchangeOf(whole)),
        question_(exchange_, work, likely),
        task_(askOnce(exchange_, question_, model)) {
    task_.start();
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  // Its attempts are told with the request's, be it done or not.
  ~Call() {
    auto& record = exchange_.record;
    for (auto& each : record.attempts) whole_.record.attempts.push_back(std::move(each));
    if (record.answering) whole_.record.answering = record.answering;
  }

  Task<std::expected<Attempt, Rejection>>& task() { return task_; }

 private:
  Exchange& whole_;
  Exchange exchange_;
  EmbeddingQuestion question_;
  Task<std::expected<Attempt, Rejection>> task_;
};

using Calls = std::vector<std::unique_ptr<Call>>;

AnyDone anyOf(Calls& calls) {
  AnyDone any;
  for (const auto& each : calls) any.add(each->task());
  return any;
}

// Only what a share is first cut for. Before anybody has answered, one text of it will do.
google::Backend likelyBackend(const std::optional<Attempt>& last) {
  return last ? placeOf(*last->credential).backend : google::Backend::Vertex;
}

}  // namespace

std::optional<Error> EmbeddingRun::refused(std::size_t bodySize) {
  const std::size_t most = exchange_.services.settings.maxSubrequests - kSpareCalls;
  std::size_t fitting = 0;
  for (const auto backend : backendsServing(exchange_.services.pool, model_.google)) {
    fitting = std::max(fitting, work_.fitting(backend, most));
  }
  const std::size_t count = request_.count();
  if (fitting != 0 && fitting < count) return tooManyTexts(fitting);
  const auto dimensions = static_cast<std::size_t>(request_.dimensions.value_or(kUsualDimensions));
  const std::size_t vectors = count * dimensions * sizeof(float);
  const bool hasRoom = exchange_.io.holdings.hold(bodySize + vectors);
  return hasRoom ? std::nullopt : std::optional(overloaded());
}

Error EmbeddingRun::tooManyTexts(std::size_t fitting) const {
  return badRequest(
      "Invalid '" + terms_.texts + "': the model `" + model_.asked + "` embeds " +
          std::to_string(fitting) + " of these " + std::to_string(request_.count()) +
          " texts in one request, by the calls that MAX_SUBREQUESTS allows. Send at most " +
          std::to_string(fitting) + " at once.",
      terms_.texts, "array_above_max_length");
}

Task<std::expected<Attempt, Error>> EmbeddingRun::askAll() {
  exchange_.pool = Exchange::PoolUse::Used;
  exchange_.record.model = model_.google;
  std::optional<Attempt> last;
  Calls calls;
  while (work_.hasPending() || !calls.empty()) {
    const std::size_t atOnce = last ? kMostAtOnce : 1;
    while (work_.hasPending() && calls.size() < atOnce) {
      calls.push_back(std::make_unique<Call>(exchange_, work_, model_, likelyBackend(last)));
    }
    co_await anyOf(calls);
    for (const auto& each : calls) {
      if (!each->task().done()) continue;
      auto asked = each->task().take();
      if (!asked) co_return std::unexpected(std::move(asked.error().error));
      last = std::move(*asked);
    }
    noteUsage();
    std::erase_if(calls, [](const auto& each) { return each->task().done(); });
  }
  co_return std::move(*last);
}

// What was answered by now has been paid for, also when the client leaves.
void EmbeddingRun::noteUsage() {
  conversation::Usage usage;
  usage.prompt = usage.total = work_.tokens();
  exchange_.record.usage = usage;
}

}  // namespace rondo::gateway
