#include "native/subject.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include "anthropic/messages_dialect.h"
#include "google/embedding_answer.h"
#include "json/value.h"
#include "openai/chat_dialect.h"
#include "openai/chat_request.h"
#include "openai/chat_response.h"
#include "openai/embeddings_response.h"
#include "openai/responses_dialect.h"
#include "streaming/answer_collector.h"
#include "translation/model_suffix.h"
#include "translation/remote_media.h"
#include "translation/request_body.h"

namespace rondo::bench {
namespace {

constexpr std::string_view kCredentialKind = "service_account";
constexpr std::string_view kAnswerSeed = "0123456789abcdefghijklmn";

// What the answers are answers to.
constexpr std::string_view kAsked = R"({
  "model": "gemini-3.8-flash",
  "messages": [{"role": "user", "content": "Go on."}],
  "stream": true,
  "stream_options": {"include_usage": true}
})";

[[noreturn]] void refuse(const Error& error) {
  std::fprintf(stderr, "bench: refused: %s\n", error.message.c_str());
  std::exit(1);
}

template <typename T>
T demand(Result<T> result) {
  if (!result) refuse(result.error());
  return std::move(*result);
}

void demand(Result<void> result) {
  if (!result) refuse(result.error());
}

template <typename T>
T demand(std::expected<T, streaming::StreamFault> result) {
  if (!result) refuse(result.error().error);
  return std::move(*result);
}

// One an isolate, as in the gateway.
translation::ClientSignatures& signatures() {
  static translation::SignatureStore store;
  static translation::ClientSignatures client(store, "me");
  return client;
}

openai::ChatRequest read(std::string_view body) { return demand(openai::parseChatRequest(body)); }

const openai::ChatRequest& asked() {
  static const openai::ChatRequest chat = read(kAsked);
  return chat;
}

conversation::AnswerHead head() {
  return {std::string(kAnswerSeed), 1764000000, asked().request.model};
}

translation::AnswerContext context() {
  const auto family = google::ModelFamily::parse(asked().request.model);
  return translation::answerContext(asked().request, std::string(kAnswerSeed),
                                    {std::string(kCredentialKind), family.signatureGroup()});
}

std::string translate(const conversation::Dialect& dialect, std::string_view body) {
  const conversation::Request request = demand(dialect.read(body, {})).request;
  const auto model = translation::splitModelSuffix(request.model);
  translation::RequestTarget target;
  target.backend = google::Backend::Vertex;
  target.family = google::ModelFamily::parse(model.model);
  target.credentialKind = kCredentialKind;
  target.store = &signatures();
  target.suffix = model.suffix;
  const translation::FetchedMedia media;
  target.media = &media;
  if (!translation::mediaToFetch(request, target.webMedia()).empty()) {
    refuse(makeError(ErrorKind::BadRequest, "media would have to be fetched"));
  }
  return std::move(demand(translation::translateRequest(request, target)).body);
}

}  // namespace

std::string translateChat(std::string_view body) { return translate(openai::chatDialect(), body); }

std::string translateResponses(std::string_view body) {
  return translate(openai::responsesDialect(), body);
}

std::string translateMessages(std::string_view body) {
  return translate(anthropic::messagesDialect(), body);
}

Stream::Stream()
    : stream_(std::make_unique<openai::ChunkWriter>(head(), asked().style), context(),
              &signatures()) {}

std::string_view Stream::feed(std::string_view bytes) { return demand(stream_.feed(bytes)); }

std::string_view Stream::finish() { return demand(stream_.finish()); }

std::string collect(std::string_view answer) {
  streaming::AnswerCollector collector(context(), &signatures());
  if (const auto fed = collector.feed(answer); !fed) refuse(fed.error().error);
  return openai::completionBody(head(), demand(collector.finish()), asked().style.calls);
}

std::string embed(std::string_view answer, std::size_t count) {
  json::Document document;
  demand(document.read(answer));
  const auto read = google::readEmbeddings(document.root());
  const auto& embeddings = std::get<google::EmbeddingAnswer>(read);
  conversation::Vectors vectors(count);
  for (std::size_t i = 0; i < count; ++i) {
    vectors.set(i, google::numbersOf(embeddings.vectors.at(i)));
  }
  openai::EmbeddingsWriter writer(vectors, openai::VectorFormat::Base64, "m", embeddings.tokens);
  std::string out;
  while (!writer.isDone()) out += writer.next();
  return out;
}

}  // namespace rondo::bench
