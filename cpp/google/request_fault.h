#pragma once

#include <optional>
#include <string>

#include "google/error_body.h"
#include "google/features.h"

namespace rondo::google {

// What a 400 says of the request.
struct RequestFault {
  std::string reason;  // "thought_signature", "unknown_field", "context_length_exceeded" …
  std::string field;   // As Google spells it, "generation_config.seed". May be empty.
  // What the model or the back-end doesn't take: the request may be asked without it.
  std::optional<RefusedFeature> feature;
};

// THE ONE READING OF A 400. A field's path counts before words, a schema's faults before those of
// settings, and of the words only Google's own: what a client wrote and Google repeats names no
// feature.
RequestFault readRequestFault(const ErrorBody& body);

}  // namespace rondo::google
