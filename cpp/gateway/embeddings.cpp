#include <utility>

#include "base/ascii.h"
#include "gateway/ask.h"
#include "gateway/embedding_run.h"
#include "gateway/operations.h"
#include "gateway/pool_errors.h"
#include "gateway/send_reply.h"
#include "openai/embeddings_request.h"
#include "openai/embeddings_response.h"

namespace rondo::gateway {
namespace {

using conversation::EmbeddingRequest;

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

// One request on its way to its vectors.
class Embeddings {
 public:
  Embeddings(Exchange& exchange, openai::EmbeddingsRequest sent, ModelName model)
      : exchange_(exchange),
        sent_(std::move(sent)),
        run_(exchange, sent_.request, std::move(model), {}) {}

  Task<void> answer() {
    if (const auto error = run_.refused(exchange_.request.body.view().size())) {
      sendError(exchange_, *error);
      co_return;
    }
    auto asked = co_await run_.askAll();
    const Attempt* attempt = asked ? &*asked : nullptr;
    auto headers = answerHeaders(exchange_, run_.model(), attempt);
    if (attempt) {
      co_await tell(std::move(headers));
    } else {
      sendError(exchange_, asked.error(), std::move(headers));
    }
  }

 private:
  Task<void> tell(http::Headers headers) {
    exchange_.request.body = {};
    const EmbeddingWork& work = run_.work();
    openai::EmbeddingsWriter writer(work.vectors(), sent_.format, run_.model().asked,
                                    work.tokens());
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
  EmbeddingRun run_;
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
