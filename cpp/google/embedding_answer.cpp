#include "google/embedding_answer.h"

#include <algorithm>
#include <utility>

#include "json/number_text.h"

namespace rondo::google {
namespace {

std::int64_t countOf(json::Node number) {
  return std::max<std::int64_t>(number.integer().value_or(0), 0);
}

// A vector with what is told of it: {"values":[…],"statistics":{"token_count":2}}.
void take(json::Node embedding, EmbeddingAnswer& answer) {
  answer.vectors.push_back(embedding.find("values"));
  const json::Node statistics = embedding.find("statistics");
  const json::Node count = statistics.find("token_count");
  answer.tokens += countOf(count ? count : statistics.find("tokenCount"));
}

}  // namespace

std::variant<std::monostate, EmbeddingAnswer, std::string> readEmbeddings(json::Node document) {
  if (document.find("error").isObject()) return std::string(document.source());
  EmbeddingAnswer answer;
  for (const json::Node each : document.find("embeddings").elements()) take(each, answer);
  for (const json::Node each : document.find("predictions").elements()) {
    take(each.find("embeddings"), answer);
  }
  if (const json::Node only = document.find("embedding")) take(only, answer);
  if (answer.vectors.empty()) return std::monostate();
  // Its total may be missing where that of the prompt is there: nothing but the prompt is counted.
  const json::Node usage = document.find("usageMetadata");
  const json::Node prompt = usage.find("promptTokenCount");
  const json::Node counted = prompt ? prompt : usage.find("totalTokenCount");
  if (counted) answer.tokens = countOf(counted);
  return answer;
}

std::vector<float> numbersOf(json::Node vector) {
  std::vector<float> numbers;
  for (const json::Node each : vector.elements()) {
    if (!each.isNumber()) return {};
    numbers.push_back(json::floatOf(each.source()));
  }
  return numbers;
}

}  // namespace rondo::google
