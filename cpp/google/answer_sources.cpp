#include "google/answer_sources.h"

namespace rondo::google {
namespace {

std::int64_t count(const json::Value& object, std::string_view key) {
  return json::findInteger(object, key).value_or(0);
}

std::string text(const json::Value& object, std::string_view key) {
  return std::string(json::findString(object, key).value_or(""));
}

// A chunk holds its address under the kind of source that it is.
const json::Value* sourceOf(const json::Value& chunk) {
  for (const std::string_view kind : {"web", "maps", "retrievedContext", "image"}) {
    if (const json::Value* source = json::findObject(chunk, kind)) return source;
  }
  return nullptr;
}

void addSupport(const json::Value& support, const json::Value& chunks,
                std::vector<Citation>& citations) {
  const json::Value* segment = json::findObject(support, "segment");
  const json::Value* indices = json::findArray(support, "groundingChunkIndices");
  if (!segment || !indices) return;
  for (const json::Value& entry : *indices) {
    const auto index = json::asInteger(entry);
    if (!index || *index < 0 || static_cast<std::size_t>(*index) >= chunks.size()) continue;
    const json::Value* source = sourceOf(chunks[static_cast<std::size_t>(*index)]);
    if (!source || text(*source, "uri").empty()) continue;
    citations.push_back({count(*segment, "startIndex"), count(*segment, "endIndex"),
                         json::findInteger(*segment, "partIndex"), text(*source, "uri"),
                         text(*source, "title")});
  }
}

TokenScore readScore(const json::Value& source) {
  return {text(source, "token"), json::findNumber(source, "logProbability").value_or(0), {}};
}

void addAlternatives(const json::Value& entry, TokenScore& score) {
  const json::Value* candidates = json::findArray(entry, "candidates");
  if (!candidates) return;
  for (const json::Value& candidate : *candidates) {
    score.alternatives.push_back(readScore(candidate));
  }
}

}  // namespace

std::vector<Citation> readCitations(const json::Value& candidate) {
  std::vector<Citation> citations;
  const json::Value* metadata = json::findObject(candidate, "citationMetadata");
  if (!metadata) return citations;
  for (const std::string_view key : {"citationSources", "citations"}) {
    const json::Value* sources = json::findArray(*metadata, key);
    if (!sources) continue;
    for (const json::Value& source : *sources) {
      std::string uri = text(source, "uri");
      if (uri.empty()) continue;
      citations.push_back({count(source, "startIndex"), count(source, "endIndex"), std::nullopt,
                           std::move(uri), text(source, "title")});
    }
  }
  return citations;
}

std::vector<Citation> readGrounding(const json::Value& candidate) {
  std::vector<Citation> citations;
  const json::Value* metadata = json::findObject(candidate, "groundingMetadata");
  if (!metadata) return citations;
  const json::Value* chunks = json::findArray(*metadata, "groundingChunks");
  const json::Value* supports = json::findArray(*metadata, "groundingSupports");
  if (!chunks || !supports) return citations;
  for (const json::Value& support : *supports) addSupport(support, *chunks, citations);
  return citations;
}

std::vector<TokenScore> readScores(const json::Value& candidate) {
  std::vector<TokenScore> scores;
  const json::Value* result = json::findObject(candidate, "logprobsResult");
  if (!result) return scores;
  const json::Value* chosen = json::findArray(*result, "chosenCandidates");
  const json::Value* top = json::findArray(*result, "topCandidates");
  if (!chosen) return scores;
  scores.reserve(chosen->size());
  for (std::size_t i = 0; i < chosen->size(); ++i) {
    scores.push_back(readScore((*chosen)[i]));
    if (top && i < top->size()) addAlternatives((*top)[i], scores.back());
  }
  return scores;
}

}  // namespace rondo::google
