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

using Nodes = std::vector<json::Node>;

Nodes nodesOf(json::Node list) {
  Nodes nodes;
  for (const json::Node each : list.elements()) nodes.push_back(each);
  return nodes;
}

void addSupport(json::Node support, const Nodes& chunks, std::vector<Citation>& citations) {
  const json::Node segment = support.find("segment");
  if (!segment.isObject()) return;
  for (const json::Node entry : support.find("groundingChunkIndices").elements()) {
    const auto index = entry.integer();
    if (!index || *index < 0 || static_cast<std::size_t>(*index) >= chunks.size()) continue;
    const json::Node source = sourceOf(chunks[static_cast<std::size_t>(*index)]);
    if (source.find("uri").text().empty()) continue;
    citations.push_back({count(segment, "startIndex"), count(segment, "endIndex"),
                         segment.find("partIndex").integer(), source.find("uri").string(),
                         source.find("title").string()});
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
      std::string uri = source.find("uri").string();
      if (uri.empty()) continue;
      citations.push_back({count(source, "startIndex"), count(source, "endIndex"), std::nullopt,
                           std::move(uri), source.find("title").string()});
    }
  }
  return citations;
}

std::vector<Citation> readGrounding(json::Node candidate) {
  std::vector<Citation> citations;
  const json::Node metadata = candidate.find("groundingMetadata");
  if (!metadata) return citations;
  const Nodes chunks = nodesOf(metadata.find("groundingChunks"));
  for (const json::Node support : metadata.find("groundingSupports").elements()) {
    addSupport(support, chunks, citations);
  }
  return citations;
}

std::vector<TokenScore> readScores(json::Node candidate) {
  std::vector<TokenScore> scores;
  const json::Node result = candidate.find("logprobsResult");
  if (!result) return scores;
  const Nodes top = nodesOf(result.find("topCandidates"));
  for (const json::Node chosen : result.find("chosenCandidates").elements()) {
    scores.push_back(readScore(chosen));
    if (scores.size() <= top.size()) addAlternatives(top[scores.size() - 1], scores.back());
  }
  return scores;
}

}  // namespace rondo::google
