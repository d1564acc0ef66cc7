#pragma once

#include "gateway/model_name.h"
#include "gateway/services.h"

namespace rondo::gateway {

// Whether a call in Google's own dialect embeds by a verb that Vertex AI hasn't got for the model,
// which Vertex AI's credentials serve and no others.
bool mustBeTranslated(const Exchange& exchange, const ModelName& model);

// Answers it out of the calls that Vertex AI has, as far as that is exact: see
// translation/native_embedding.h.
Task<void> nativeEmbedding(Exchange& exchange, ModelName model);

}  // namespace rondo::gateway
