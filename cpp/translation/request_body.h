#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "conversation/request.h"
#include "google/backend.h"
#include "google/features.h"
#include "google/model_family.h"
#include "translation/model_suffix.h"
#include "translation/remote_media.h"
#include "translation/signature_store.h"
#include "translation/signatures.h"

// A request → the body of generateContent and streamGenerateContent, which is the same, or that of
// countTokens (ai.google.dev/api/tokens).

namespace rondo::translation {

// For whom the body is. What is pointed to must outlive the call; null pointers are allowed.
struct RequestTarget {
  google::Backend backend = google::Backend::Vertex;
  std::string model;  // Google's name of it.
  google::ModelFamily family;
  google::ModelLimits limits;  // What the model is known not to take, beyond its family.
  std::string credentialKind;
  std::string credentialId;  // Empty: any of that kind.
  UnknownMakers unknownMakers = UnknownMakers::Trusted;
  const ClientSignatures* store = nullptr;
  const FetchedMedia* media = nullptr;
  ThinkingSuffix suffix;

  bool takes(google::Feature feature) const {
    return !limits.refused.has(feature) && google::takes(family, backend, feature);
  }

  WebMedia webMedia() const {
    return takes(google::Feature::WebMedia) ? WebMedia::LeftToGoogle : WebMedia::FetchedHere;
  }
};

struct TranslatedRequest {
  std::string body;
  // What was changed or left out, one word each, sorted, for `x-rondo-adjusted`: "n", "penalties",
  // "temperature", "thinking_level" …
  std::vector<std::string> adjusted;
  // What the body makes use of that might be refused.
  google::Uses uses;
};

// BadRequest, with a path as `param`, for what no body can be made of: media that can't be read,
// a tool without a name.
Result<TranslatedRequest> translateRequest(const conversation::Request& request,
                                           const RequestTarget& target);

}  // namespace rondo::translation
