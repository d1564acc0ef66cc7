#include "native/subject.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "json/value.h"
#include "openai/chat_request.h"
#include "streaming/chat_collector.h"
#include "translation/model_suffix.h"
#include "translation/remote_media.h"
#include "translation/request.h"

namespace rondo::bench {
namespace {

constexpr std::string_view kCredentialKind = "service_account";
constexpr std::string_view kAnswerId = "0123456789abcdefghijklmn";

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

template <typename T>
T demand(std::expected<T, streaming::StreamFault> result) {
  if (!result) refuse(result.error().error);
  return std::move(*result);
}

// One an isolate, as in the gateway.
translation::SignatureStore& signatures() {
  static translation::SignatureStore store;
  return store;
}

openai::ChatRequest read(std::string_view body) { return demand(openai::parseChatRequest(body)); }

const openai::ChatRequest& asked() {
  static const openai::ChatRequest request = read(kAsked);
  return request;
}

openai::ResponseHead head() {
  return {"chatcmpl-" + std::string(kAnswerId), 1764000000, asked().model};
}

translation::AnswerContext context() {
  const auto family = google::ModelFamily::parse(asked().model);
  return translation::answerContext(asked(), std::string(kAnswerId),
                                    {std::string(kCredentialKind), family.signatureGroup()});
}

}  // namespace

std::string translateRequest(std::string_view body) {
  const openai::ChatRequest request = read(body);
  const auto model = translation::splitModelSuffix(request.model);
  translation::RequestTarget target;
  target.backend = google::Backend::Vertex;
  target.family = google::ModelFamily::parse(model.model);
  target.credentialKind = kCredentialKind;
  target.store = &signatures();
  target.suffix = model.suffix;
  const translation::FetchedMedia media;
  target.media = &media;
  if (!translation::mediaToFetch(request, target.backend, target.family).empty()) {
    refuse(makeError(ErrorKind::BadRequest, "media would have to be fetched"));
  }
  return std::move(demand(translation::translateRequest(request, target)).body);
}

Stream::Stream()
    : stream_(head(), openai::ChunkWriter::Usage::Included, context(), &signatures()) {}

std::string Stream::feed(std::string_view bytes) { return demand(stream_.feed(bytes)); }

std::string Stream::finish() { return demand(stream_.finish()); }

std::string collect(std::string_view answer) {
  streaming::ChatCollector collector(head(), context(), &signatures());
  if (const auto fed = collector.feed(answer); !fed) refuse(fed.error().error);
  return demand(collector.finish());
}

}  // namespace rondo::bench
