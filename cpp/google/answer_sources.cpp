#include "google/answer_sources.h"

namespace rondo::google {
namespace {

std::int64_t count(json::Node object, std::string_view key) {
  return object.find(key).integer().value_or(0);
}

// A chunk holds its address under the kind of source that it is.
json::Node sourceOf(json::Node chunk) {
  for (const std::string_view kind : {"web", "maps", "retrievedContext", "image"}) {
    if (const json::Node source = chunk.find(kind); source.isObject()) return source;
  }
  return {};
}

struct Source {
  std::string uri;  // Empty: of no use.
  std::string title;
};

// Empty when it is longer than may be copied for each stretch that comes from there.
std::string sharedText(json::Node source, std::string_view key) {
  constexpr std::size_t kMaxShared = 4096;
  std::string text = source.find(key).string();
  return text.size() <= kMaxShared ? text : std::string();
}

Source readSource(json::Node source) {
  return {sharedText(source, "uri"), sharedText(source, "title")};
}

void addSupport(json::Node support, const std::vector<Source>& sources,
                std::vector<Citation>& citations) {
  const json::Node segment = support.find("segment");
  if (!segment.isObject()) return;
  for (const json::Node entry : support.find("groundingChunkIndices").elements()) {
    const auto index = entry.integer();
    if (!index || *index < 0 || static_cast<std::size_t>(*index) >= sources.size()) continue;
    const Source& source = sources[static_cast<std::size_t>(*index)];
    if (source.uri.empty()) continue;
    if (citations.size() == kMaxCitations) return;
    citations.push_back({count(segment, "startIndex"), count(segment, "endIndex"),
                         segment.find("partIndex").integer(), source.uri, source.title});
  }
}

TokenScore readScore(json::Node source) {
  return {source.find("token").string(), source.find("logProbability").number().value_or(0), {}};
}

void addAlternatives(json::Node entry, TokenScore& score) {
  for (const json::Node candidate : entry.find("candidates").elements()) {
    score.alternatives.push_back(readScore(candidate));
  }
}

}  // namespace

std::vector<Citation> readCitations(json::Node candidate) {
  std::vector<Citation> citations;
  const json::Node metadata = candidate.find("citationMetadata");
  for (const std::string_view key : {"citationSources", "citations"}) {
    for (const json::Node source : metadata.find(key).elements()) {
      auto [uri, title] = readSource(source);
      if (uri.empty()) continue;
      if (citations.size() == kMaxCitations) return citations;
      citations.push_back({count(source, "startIndex"), count(source, "endIndex"), std::nullopt,
                           std::move(uri), std::move(title)});
    }
  }
  return citations;
}

std::vector<Citation> readGrounding(json::Node candidate) {
  std::vector<Citation> citations;
  const json::Node metadata = candidate.find("groundingMetadata");
  if (!metadata) return citations;
  std::vector<Source> sources;
  for (const json::Node chunk : metadata.find("groundingChunks").elements()) {
    sources.push_back(readSource(sourceOf(chunk)));
  }
  for (const json::Node support : metadata.find("groundingSupports").elements()) {
    addSupport(support, sources, citations);
  }
  return citations;
}

Searches readSearches(json::Node candidate) {
  Searches searches;
  const json::Node metadata = candidate.find("groundingMetadata");
  if (!metadata) return searches;
  for (const json::Node query : metadata.find("webSearchQueries").elements()) {
    if (searches.queries.size() == kMaxCitations) break;
    if (query.isString()) searches.queries.push_back(query.string());
  }
  for (const json::Node chunk : metadata.find("groundingChunks").elements()) {
    if (searches.sources.size() == kMaxCitations) break;
    auto [uri, title] = readSource(chunk.find("web"));
    if (!uri.empty()) searches.sources.push_back({std::move(uri), std::move(title)});
  }
  return searches;
}

std::vector<TokenScore> readScores(json::Node candidate) {
  std::vector<TokenScore> scores;
  const json::Node result = candidate.find("logprobsResult");
  if (!result) return scores;
  std::vector<json::Node> top;
  for (const json::Node each : result.find("topCandidates").elements()) top.push_back(each);
  for (const json::Node chosen : result.find("chosenCandidates").elements()) {
    scores.push_back(readScore(chosen));
    if (scores.size() <= top.size()) addAlternatives(top[scores.size() - 1], scores.back());
  }
  return scores;
}

}  // namespace rondo::google
