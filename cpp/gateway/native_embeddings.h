#pragma once

#include "gateway/model_name.h"
#include "gateway/services.h"

namespace rondo::gateway {

// Whether a call in Google's own dialect is a batch of embeddings of a model that Vertex AI's
// credentials serve and no others: Vertex AI has no such verb.
bool isBatchForVertex(const Exchange& exchange, const ModelName& model);

// Answers it out of the calls that Vertex AI has, as far as that is exact: see
// translation/native_embedding.h.
Task<void> nativeEmbeddingBatch(Exchange& exchange, ModelName model);

}  // namespace rondo::gateway
