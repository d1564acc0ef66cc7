#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "gateway/ask.h"
#include "gateway/embedding_question.h"
#include "gateway/embedding_work.h"
#include "gateway/model_call.h"
#include "gateway/operations.h"
#include "gateway/place.h"
#include "gateway/pool_errors.h"
#include "gateway/send_reply.h"
#include "openai/embeddings_request.h"
#include "openai/embeddings_response.h"

namespace rondo::gateway {
namespace {

using conversation::EmbeddingRequest;

// A Worker has six connections, each taken until an answer's head is there; tokens and KV need some
// too. It also bounds how many answers are held at once, each of some megabytes.
constexpr std::size_t kMostAtOnce = 4;

// Of the calls that a request may make, those that aren't planned for: tokens, and calls that are
// refused and made again.
constexpr std::size_t kSpareCalls = 5;

// What nearly every model gives that isn't told how many.
constexpr std::size_t kUsualDimensions = 3072;

struct SuffixedName {
  std::string model;
  std::optional<conversation::EmbeddingTask> task;
};

Error unknownTask(std::string_view word) {
  constexpr std::size_t kShown = 60;
  return badRequest("The model's suffix `(" + std::string(word.substr(0, kShown)) +
                        ")` is no task type. Supported values are: " + conversation::taskNames() +
                        ".",
                    "model", "invalid_value");
}

// "text-embedding-005(RETRIEVAL_QUERY)". BadRequest for a suffix that is no task.
Result<SuffixedName> splitTask(std::string_view name) {
  const std::size_t open = name.rfind('(');
  if (open == std::string_view::npos || !name.ends_with(')')) {
    return SuffixedName{std::string(name), std::nullopt};
  }
  const auto word = name.substr(open + 1, name.size() - open - 2);
  const auto task = conversation::parseEmbeddingTask(word);
  if (!task) return fail(unknownTask(word));
  return SuffixedName{std::string(name.substr(0, open)), task};
}

// Whom the texts go to. A task that the client's name or the alias behind it bears becomes the
// request's, unless that has one.
Result<ModelName> modelFor(const Exchange& exchange, EmbeddingRequest& request) {
  const auto& settings = exchange.services.settings;
  const std::string asked(trim(request.model));
  const bool isAlias = settings.modelAliases.contains(asked);
  const auto split = isAlias ? SuffixedName{asked, std::nullopt} : splitTask(asked);
  if (!split) return fail(split.error());
  auto model = readModelName(settings, split->model);
  if (!model) return model;
  auto behind = splitTask(model->google);
  if (!behind) return fail(behind.error());
  model->asked = asked;
  model->google = std::move(behind->model);
  if (!mayUse(exchange.request.client, *model)) return fail(modelNotFound(asked));
  if (!request.task) request.task = split->task ? split->task : behind->task;
  return model;
}

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

// One request on its way to its vectors.
class Embeddings {
 public:
  Embeddings(Exchange& exchange, openai::EmbeddingsRequest sent, ModelName model)
      : exchange_(exchange),
        sent_(std::move(sent)),
        model_(std::move(model)),
        work_(sent_.request, model_.google, exchange.services.settings.maxSubrequests) {}

  Task<void> answer() {
    if (const auto error = refused()) {
      sendError(exchange_, *error);
      co_return;
    }
    exchange_.pool = Exchange::PoolUse::Used;
    exchange_.record.model = model_.google;
    auto asked = co_await askAll();
    const Attempt* attempt = asked ? &*asked : nullptr;
    auto headers = answerHeaders(exchange_, model_, attempt);
    if (attempt) {
      co_await tell(std::move(headers));
    } else {
      sendError(exchange_, asked.error(), std::move(headers));
    }
  }

 private:
  // More texts than fit in the calls of one request, whoever serves it; or more than there is
  // memory for.
  std::optional<Error> refused() {
    const std::size_t most = exchange_.services.settings.maxSubrequests - kSpareCalls;
    std::size_t fitting = 0;
    for (const auto backend : backendsServing(exchange_.services.pool, model_.google)) {
      fitting = std::max(fitting, work_.fitting(backend, most));
    }
    const std::size_t count = sent_.request.texts.size();
    if (fitting != 0 && fitting < count) return tooManyTexts(fitting);
    const auto dimensions =
        static_cast<std::size_t>(sent_.request.dimensions.value_or(kUsualDimensions));
    const std::size_t vectors = count * dimensions * sizeof(float);
    const bool hasRoom = exchange_.io.holdings.hold(exchange_.request.body.view().size() + vectors);
    return hasRoom ? std::nullopt : std::optional(overloaded());
  }

  Error tooManyTexts(std::size_t fitting) const {
    return badRequest(
        "Invalid 'input': the model `" + model_.asked + "` embeds " + std::to_string(fitting) +
            " of these " + std::to_string(sent_.request.texts.size()) +
            " texts in one request, by the calls that MAX_SUBREQUESTS allows. Send at most " +
            std::to_string(fitting) + " at once.",
        "input", "array_above_max_length");
  }

  // The first batch goes alone: a request that can't be served, or a credential that is no good,
  // shows with one call. The others go side by side. The first that can't be had ends them all.
  Task<std::expected<Attempt, Error>> askAll() {
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

  // Only what a share is first cut for. Before anybody has answered, one text of it will do.
  static google::Backend likelyBackend(const std::optional<Attempt>& last) {
    return last ? placeOf(*last->credential).backend : google::Backend::Vertex;
  }

  // What was answered by now has been paid for, also when the client leaves.
  void noteUsage() {
    conversation::Usage usage;
    usage.prompt = usage.total = work_.tokens();
    exchange_.record.usage = usage;
  }

  Task<void> tell(http::Headers headers) {
    exchange_.request.body = {};
    openai::EmbeddingsWriter writer(work_.vectors(), sent_.format, model_.asked, work_.tokens());
    std::string piece = writer.next();
    if (writer.isDone()) {
      sendJson(exchange_.reply, std::move(piece), std::move(headers));
      co_return;
    }
    headers.set("content-type", "application/json");
    exchange_.reply.begin({200, std::move(headers)});
    for (;;) {
      exchange_.record.sentBytes += piece.size();
      const auto written = co_await exchange_.reply.write(std::move(piece));
      if (!written || writer.isDone()) break;
      piece = writer.next();
    }
    exchange_.reply.end();
  }

  Exchange& exchange_;
  openai::EmbeddingsRequest sent_;
  ModelName model_;
  EmbeddingWork work_;
};

}  // namespace

Task<void> embeddings(Exchange& exchange) {
  auto sent = openai::parseEmbeddingsRequest(exchange.request.body.view());
  if (!sent) {
    sendError(exchange, sent.error());
    co_return;
  }
  exchange.request.modelId = sent->request.model;
  auto model = modelFor(exchange, sent->request);
  if (!model) {
    sendError(exchange, model.error());
    co_return;
  }
  exchange.request.modelId = model->asked;
  if (const auto title = conversation::checkTitle(sent->request); !title) {
    sendError(exchange, title.error());
    co_return;
  }
  Embeddings made(exchange, std::move(*sent), std::move(*model));
  co_await made.answer();
}

}  // namespace rondo::gateway
