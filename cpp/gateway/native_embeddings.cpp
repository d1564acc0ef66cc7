#include "gateway/native_embeddings.h"

#include <algorithm>
#include <utility>

#include "gateway/ask.h"
#include "gateway/embedding_question.h"
#include "gateway/embedding_run.h"
#include "gateway/native_errors.h"
#include "gateway/send_reply.h"
#include "translation/native_embedding.h"

namespace rondo::gateway {
namespace {

constexpr std::string_view kVerb = "batchEmbedContents";

Error bodyGone() {
  return badRequest(
      "This `batchEmbedContents` is too large to be read, as it must be for Vertex AI. An API key "
      "of the Gemini API takes it as it is; or send fewer requests at once.",
      {}, "method_not_supported");
}

// Google's names for what OpenAI's dialect calls otherwise.
Error inGooglesNames(Error error) {
  if (error.param == "input") error.param = "requests";
  if (error.param == "dimensions") error.param = "outputDimensionality";
  if (error.param == "task_type") error.param = "taskType";
  return error;
}

}  // namespace

bool isBatchForVertex(const Exchange& exchange, const ModelName& model) {
  if (exchange.request.native.verb != kVerb) return false;
  const auto backends = backendsServing(exchange.services.pool, model.google);
  return backends.size() == 1 && backends.front() == google::Backend::Vertex;
}

Task<void> nativeEmbeddingBatch(Exchange& exchange, ModelName model) {
  const auto refuse = [&exchange](const Error& error) {
    sendError(exchange, nativeErrors(), inGooglesNames(error));
  };
  const auto body = co_await exchange.io.held->read();
  if (!body) co_return refuse(bodyGone());
  const auto request = translation::readEmbeddingBatch(body->view(), model.asked, model.google);
  if (!request) co_return refuse(request.error());
  EmbeddingRun run(exchange, *request, std::move(model),
                   {conversation::Lengths::AsGiven, "requests"});
  // The worker holds the body too.
  const auto refused = run.refused(2 * body->view().size());
  if (refused) co_return refuse(*refused);
  const auto asked = co_await run.askAll();
  const Attempt* attempt = asked ? &*asked : nullptr;
  auto headers = answerHeaders(exchange, run.model(), attempt);
  if (attempt) {
    sendJson(exchange.reply, translation::embeddingBatchAnswer(run.work().vectors()),
             std::move(headers));
  } else {
    sendError(exchange, nativeErrors(), inGooglesNames(asked.error()), std::move(headers));
  }
}

}  // namespace rondo::gateway
