#include "google/embedding_model.h"

#include <charconv>

namespace rondo::google {
namespace {

constexpr std::string_view kGeminiEmbedding = "gemini-embedding-";
constexpr std::string_view kFirst = "gemini-embedding-001";

constexpr std::size_t kMostTextsOfBatch = 100;
constexpr std::size_t kMostTextsOfPredict = 250;
constexpr std::size_t kMostTokensOfPredict = 20'000;

}  // namespace

EmbeddingCall embeddingCallOf(Backend backend, std::string_view model) {
  if (backend == Backend::Gemini) return {Method::BatchEmbedContents, kMostTextsOfBatch};
  if (model == kFirst) return {Method::Predict, 1, kMostTokensOfPredict};
  const bool isNewer = model.contains("gemini") || model.contains("maas");
  if (isNewer) return {Method::EmbedContent, 1};
  return {Method::Predict, kMostTextsOfPredict, kMostTokensOfPredict};
}

TaskPlace taskPlaceOf(std::string_view model) {
  if (!model.starts_with(kGeminiEmbedding)) return TaskPlace::Field;
  model.remove_prefix(kGeminiEmbedding.size());
  int version = 0;
  const auto [end, fault] = std::from_chars(model.data(), model.data() + model.size(), version);
  // A name without a version counts as newer than every known one.
  return fault == std::errc() && version < 2 ? TaskPlace::Field : TaskPlace::Text;
}

}  // namespace rondo::google
