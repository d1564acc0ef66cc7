#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/embedding.h"
#include "credentials/credential.h"
#include "google/backend.h"
#include "google/embedding_answer.h"

namespace rondo::gateway {

// Texts on their way to their vectors, over as many calls as it takes. A batch is cut when it is
// known who is called, since each back-end takes another number of texts; what could not be had
// goes back, and may be cut otherwise. Whatever is answered is kept.
class EmbeddingWork {
 public:
  // One call's texts, by their places in the request.
  using Batch = std::vector<std::uint32_t>;

  // `model` is Google's name. `request` outlives the work. `mostCalls` over all, tokens included.
  EmbeddingWork(const conversation::EmbeddingRequest& request, std::string model,
                std::size_t mostCalls, conversation::Lengths lengths = conversation::Lengths::One);

  const conversation::EmbeddingRequest& request() const { return request_; }
  const std::string& model() const { return model_; }

  std::size_t pending() const { return pending_.size(); }
  bool hasPending() const { return !pending_.empty(); }
  // The next that the back-end takes in one call: at least one, and those that come first.
  Batch take(google::Backend backend);
  // A batch, or what is left of it, that came to nothing.
  void putBack(const Batch& batch);

  // How many calls those that are pending would take, and how many of them fit in so many.
  std::size_t callsFor(google::Backend backend) const;
  std::size_t fitting(google::Backend backend, std::size_t calls) const;

  // Takes note of a call, and of the token that a credential new to the request may need. False,
  // and nothing is noted, when the request may make no more.
  bool mayCall(const credentials::Credential& credential);
  std::size_t callsLeft() const { return mostCalls_ - calls_; }

  // Keeps a batch's vectors. False when the answer hasn't one for each text, or not such as the
  // others are.
  bool keep(const Batch& batch, const google::EmbeddingAnswer& answer, std::string_view credential);

  const conversation::Vectors& vectors() const { return vectors_; }
  std::int64_t tokens() const { return tokens_; }
  // Whose answer came last, by id; empty before the first.
  const std::string& servedBy() const { return servedBy_; }

 private:
  // Where in `pending_` the call ends that begins at `begin`.
  std::size_t endOfCall(std::size_t begin, google::Backend backend) const;
  std::size_t tokensOf(std::uint32_t index) const;

  const conversation::EmbeddingRequest& request_;
  std::string model_;
  std::size_t mostCalls_;
  std::size_t calls_ = 0;
  std::vector<std::string> callees_;  // By id.
  std::deque<std::uint32_t> pending_;
  mutable std::vector<std::size_t> estimates_;  // By place; 0: not made yet.
  conversation::Vectors vectors_;
  std::int64_t tokens_ = 0;
  std::string servedBy_;
};

}  // namespace rondo::gateway
