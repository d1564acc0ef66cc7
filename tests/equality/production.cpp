#include "equality/production.h"

#include <utility>

#include "equality/head.h"
#include "equality/reference_answer.h"
#include "equality/reference_stream.h"
#include "openai/chat_request.h"
#include "openai/chat_response.h"
#include "streaming/answer_collector.h"
#include "streaming/answer_stream.h"
#include "translation/request_body.h"

namespace rondo::equality::production {
namespace {

translation::FetchedMedia fetch(const conversation::Request& request,
                                const translation::RequestTarget& target) {
  translation::FetchedMedia media;
  for (const auto& each : translation::mediaToFetch(request, target.webMedia())) {
    FetchedMedium medium = mediumAt(each.url);
    media.emplace(each.url, translation::Media{medium.mimeType, medium.data});
  }
  return media;
}

const conversation::AnswerHead kHead{kAnswerSeed, kCreated, kModelName};

translation::AnswerContext contextOf(const conversation::Request& request) {
  return translation::answerContext(request, kSeed, {"api_key", "gemini-3"});
}

}  // namespace

std::optional<std::string> translate(std::string_view text, const Target& target) {
  const auto chat = openai::parseChatRequest(text);
  if (!chat) return std::nullopt;
  translation::RequestTarget inner;
  inner.backend = target.backend;
  inner.family = google::ModelFamily::parse(target.model);
  inner.credentialKind = "service_account";
  inner.suffix = translation::splitModelSuffix(chat->request.model).suffix;
  if (target.isRetry) inner.limits.refused.insert(google::Feature::ThoughtSignatures);
  const auto media = fetch(chat->request, inner);
  if (target.hasMedia) inner.media = &media;
  auto translated = translation::translateRequest(chat->request, inner);
  if (!translated) return std::nullopt;
  return std::move(translated->body);
}

std::string stream(std::string_view text, Pieces pieces) {
  const auto chat = openai::parseChatRequest(text);
  streaming::AnswerStream stream(std::make_unique<openai::ChunkWriter>(kHead, chat->style),
                                 contextOf(chat->request), nullptr);
  std::string out;
  for (std::size_t i = 0; i <= pieces.size(); ++i) {
    const auto output = i < pieces.size() ? stream.feed(pieces[i]) : stream.finish();
    if (!output) return out + output.error().output + faultLine(output.error().error.code);
    out += *output;
  }
  return out;
}

std::string collect(std::string_view text, Pieces pieces) {
  const auto chat = openai::parseChatRequest(text);
  streaming::AnswerCollector collector(contextOf(chat->request), nullptr);
  for (const std::string_view piece : pieces) {
    const auto fed = collector.feed(piece);
    if (!fed) return faultLine(fed.error().error.code);
  }
  auto answer = collector.finish();
  if (!answer) return faultLine(answer.error().error.code);
  return openai::completionBody(kHead, std::move(*answer), chat->style.calls);
}

}  // namespace rondo::equality::production
