#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <utility>

#include "conversation/embedding.h"
#include "gateway/attempt.h"
#include "gateway/embedding_work.h"
#include "gateway/model_name.h"
#include "gateway/services.h"

namespace rondo::gateway {

// The texts of one request on their way to their vectors, in as many calls as it takes.
class EmbeddingRun {
 public:
  // What is the dialect's: how long vectors are, and how it calls the texts.
  struct Terms {
    conversation::Lengths lengths = conversation::Lengths::One;
    std::string texts = "input";
  };

  // `exchange` and `request` outlive it.
  EmbeddingRun(Exchange& exchange, const conversation::EmbeddingRequest& request, ModelName model,
               Terms terms)
      : exchange_(exchange),
        request_(request),
        model_(std::move(model)),
        terms_(std::move(terms)),
        work_(request, model_.google, exchange.services.settings.maxSubrequests, terms_.lengths) {}

  const ModelName& model() const { return model_; }

  // BadRequest for more texts than fit in the calls of one request, whoever serves it; Transient
  // where there is no memory for them. `bodySize`: what the request's body takes of it.
  std::optional<Error> refused(std::size_t bodySize);

  // The first batch goes alone: a request that can't be served, or a credential that is no good,
  // shows with one call. The others go side by side. The first that can't be had ends them all.
  Task<std::expected<Attempt, Error>> askAll();

  // After it: the vectors, and what they have cost.
  const EmbeddingWork& work() const { return work_; }

 private:
  Error tooManyTexts(std::size_t fitting) const;
  void noteUsage();

  Exchange& exchange_;
  const conversation::EmbeddingRequest& request_;
  ModelName model_;
  Terms terms_;
  EmbeddingWork work_;
};

}  // namespace rondo::gateway
