#include "gateway/embedding_work.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "google/embedding_model.h"
#include "translation/embedding_body.h"

namespace rondo::gateway {

EmbeddingWork::EmbeddingWork(const conversation::EmbeddingRequest& request, std::string model,
                             std::size_t mostCalls, conversation::Lengths lengths)
    : request_(request),
      model_(std::move(model)),
      mostCalls_(mostCalls),
      pending_(request.count()),
      estimates_(request.count()),
      vectors_(request.count(), lengths) {
  std::iota(pending_.begin(), pending_.end(), 0);
}

// Each text is estimated once, and only where a back-end bounds a call's tokens.
std::size_t EmbeddingWork::tokensOf(std::uint32_t index) const {
  std::size_t& estimate = estimates_[index];
  if (estimate == 0) estimate = translation::estimatedTokens(request_.texts[index]);
  return estimate;
}

std::size_t EmbeddingWork::endOfCall(std::size_t begin, google::Backend backend) const {
  const auto call = google::embeddingCallOf(backend, model_);
  const std::size_t end = std::min(pending_.size(), begin + call.mostTexts);
  if (call.mostTokens == std::numeric_limits<std::size_t>::max()) return end;
  std::size_t tokens = tokensOf(pending_[begin]);
  for (std::size_t at = begin + 1; at < end; ++at) {
    tokens += tokensOf(pending_[at]);
    if (tokens > call.mostTokens) return at;
  }
  return end;
}

EmbeddingWork::Batch EmbeddingWork::take(google::Backend backend) {
  const auto end = pending_.begin() + static_cast<std::ptrdiff_t>(endOfCall(0, backend));
  Batch batch(pending_.begin(), end);
  pending_.erase(pending_.begin(), end);
  return batch;
}

void EmbeddingWork::putBack(const Batch& batch) {
  pending_.insert(pending_.begin(), batch.begin(), batch.end());
}

std::size_t EmbeddingWork::callsFor(google::Backend backend) const {
  std::size_t calls = 0;
  for (std::size_t at = 0; at < pending_.size(); at = endOfCall(at, backend)) ++calls;
  return calls;
}

std::size_t EmbeddingWork::fitting(google::Backend backend, std::size_t calls) const {
  std::size_t at = 0;
  for (; at < pending_.size() && calls > 0; --calls) at = endOfCall(at, backend);
  return at;
}

bool EmbeddingWork::mayCall(const credentials::Credential& credential) {
  const bool isNew = std::ranges::find(callees_, credential.id) == callees_.end();
  const bool needsToken = isNew && credential.kind != credentials::CredentialKind::ApiKey;
  const std::size_t calls = calls_ + (needsToken ? 2 : 1);
  if (calls > mostCalls_) return false;
  calls_ = calls;
  if (isNew) callees_.push_back(credential.id);
  return true;
}

bool EmbeddingWork::keep(const Batch& batch, const google::EmbeddingAnswer& answer,
                         std::string_view credential) {
  if (answer.vectors.size() != batch.size()) return false;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (!vectors_.set(batch[i], google::numbersOf(answer.vectors[i]))) return false;
  }
  tokens_ += answer.tokens;
  servedBy_ = credential;
  return true;
}

}  // namespace rondo::gateway
