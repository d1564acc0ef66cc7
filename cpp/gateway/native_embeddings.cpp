#include "gateway/native_embeddings.h"

#include <algorithm>
#include <utility>

#include "gateway/ask.h"
#include "gateway/embedding_question.h"
#include "gateway/embedding_run.h"
#include "gateway/native_errors.h"
#include "gateway/send_reply.h"
#include "google/embedding_model.h"
#include "translation/native_embedding.h"

namespace rondo::gateway {
namespace {

using translation::EmbeddingVerb;

constexpr std::string_view kOne = "embedContent";
constexpr std::string_view kBatch = "batchEmbedContents";

std::string_view textsOf(EmbeddingVerb verb) {
  return verb == EmbeddingVerb::One ? "content" : "requests";
}

EmbeddingVerb verbOf(const Exchange& exchange) {
  return exchange.request.native.verb == kOne ? EmbeddingVerb::One : EmbeddingVerb::Batch;
}

Error bodyGone(const std::string& verb) {
  return badRequest("This `" + verb +
                        "` is too large to be read, as it must be for Vertex AI. An API key of the "
                        "Gemini API takes it as it is; or send less at once.",
                    {}, "method_not_supported");
}

// Google's names for what OpenAI's dialect calls otherwise.
Error inGooglesNames(Error error, EmbeddingVerb verb) {
  if (error.param == "input") error.param = textsOf(verb);
  if (error.param == "dimensions") error.param = "outputDimensionality";
  if (error.param == "task_type") error.param = "taskType";
  return error;
}

}  // namespace

bool mustBeTranslated(const Exchange& exchange, const ModelName& model) {
  const std::string& verb = exchange.request.native.verb;
  const auto backends = backendsServing(exchange.services.pool, model.google);
  if (backends.size() != 1 || backends.front() != google::Backend::Vertex) return false;
  const auto method = google::embeddingCallOf(google::Backend::Vertex, model.google).method;
  return verb == kBatch || (verb == kOne && method == google::Method::Predict);
}

Task<void> nativeEmbedding(Exchange& exchange, ModelName model) {
  const auto verb = verbOf(exchange);
  const auto refuse = [&exchange, verb](const Error& error) {
    sendError(exchange, nativeErrors(), inGooglesNames(error, verb));
  };
  const auto body = co_await exchange.io.held->read();
  if (!body) co_return refuse(bodyGone(exchange.request.native.verb));
  const auto request =
      translation::readNativeEmbedding(verb, body->view(), model.asked, model.google);
  if (!request) co_return refuse(request.error());
  EmbeddingRun run(exchange, *request, std::move(model),
                   {conversation::Lengths::AsGiven, std::string(textsOf(verb))});
  // The worker holds the body too.
  const auto refused = run.refused(2 * body->view().size());
  if (refused) co_return refuse(*refused);
  const auto asked = co_await run.askAll();
  const Attempt* attempt = asked ? &*asked : nullptr;
  auto headers = answerHeaders(exchange, run.model(), attempt);
  if (attempt) {
    sendJson(exchange.reply, translation::nativeEmbeddingAnswer(verb, run.work().vectors()),
             std::move(headers));
  } else {
    sendError(exchange, nativeErrors(), inGooglesNames(asked.error(), verb), std::move(headers));
  }
}

}  // namespace rondo::gateway
