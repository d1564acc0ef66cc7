#include "equality/production.h"

#include <utility>

#include "equality/head.h"
#include "equality/reference_answer.h"
#include "equality/reference_stream.h"
#include "openai/chat_request.h"
#include "streaming/chat_collector.h"
#include "streaming/chat_stream.h"
#include "translation/request.h"

namespace rondo::equality::production {
namespace {

translation::FetchedMedia fetch(const openai::ChatRequest& request,
                                const translation::RequestTarget& target) {
  translation::FetchedMedia media;
  for (const auto& each : translation::mediaToFetch(request, target.backend, target.family)) {
    FetchedMedium medium = mediumAt(each.url);
    media.emplace(each.url, translation::Media{medium.mimeType, medium.data});
  }
  return media;
}

const openai::ResponseHead kHead{kAnswerId, kCreated, kModelName};

translation::AnswerContext contextOf(const openai::ChatRequest& request) {
  return translation::answerContext(request, kSeed, {"api_key", "gemini-3"});
}

}  // namespace

std::optional<std::string> translate(std::string_view text, const Target& target) {
  const auto request = openai::parseChatRequest(text);
  if (!request) return std::nullopt;
  translation::RequestTarget inner;
  inner.backend = target.backend;
  inner.family = google::ModelFamily::parse(target.model);
  inner.credentialKind = "service_account";
  inner.suffix = translation::splitModelSuffix(request->model).suffix;
  if (target.isRetry) inner.limits.refused.insert(google::Feature::ThoughtSignatures);
  const auto media = fetch(*request, inner);
  if (target.hasMedia) inner.media = &media;
  auto translated = translation::translateRequest(*request, inner);
  if (!translated) return std::nullopt;
  return std::move(translated->body);
}

std::string stream(std::string_view text, Pieces pieces) {
  const auto request = openai::parseChatRequest(text);
  const auto usage = request->includeUsage ? openai::ChunkWriter::Usage::Included
                                           : openai::ChunkWriter::Usage::Omitted;
  streaming::ChatStream stream(kHead, usage, contextOf(*request), nullptr);
  std::string out;
  for (std::size_t i = 0; i <= pieces.size(); ++i) {
    const auto output = i < pieces.size() ? stream.feed(pieces[i]) : stream.finish();
    if (!output) return out + output.error().output + faultLine(output.error().error.code);
    out += *output;
  }
  return out;
}

std::string collect(std::string_view text, Pieces pieces) {
  const auto request = openai::parseChatRequest(text);
  streaming::ChatCollector collector(kHead, contextOf(*request), nullptr);
  for (const std::string_view piece : pieces) {
    const auto fed = collector.feed(piece);
    if (!fed) return faultLine(fed.error().error.code);
  }
  const auto body = collector.finish();
  return body ? *body : faultLine(body.error().error.code);
}

}  // namespace rondo::equality::production
