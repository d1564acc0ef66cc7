#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "google/backend.h"
#include "google/model_family.h"
#include "openai/chat_request.h"
#include "translation/model_limits.h"
#include "translation/model_suffix.h"
#include "translation/remote_media.h"
#include "translation/signature_store.h"
#include "translation/signatures.h"

// ChatRequest → the body of generateContent and streamGenerateContent, which is the same.

namespace rondo::translation {

// For whom the body is. What is pointed to must outlive the call; null pointers are allowed.
struct RequestTarget {
  google::Backend backend = google::Backend::Vertex;
  google::ModelFamily family;
  ModelLimits limits;
  std::string credentialKind;
  SignaturePolicy signatures = SignaturePolicy::Keep;
  const SignatureStore* store = nullptr;
  const FetchedMedia* media = nullptr;
  ThinkingSuffix suffix;
};

struct TranslatedRequest {
  std::string body;
  // What was changed or left out, one word each, sorted, for `x-rondo-adjusted`: "n", "penalties",
  // "temperature", "thinking_level" …
  std::vector<std::string> adjusted;
};

// BadRequest, with a path as `param`, for what no body can be made of: media that can't be read,
// a tool without a name.
Result<TranslatedRequest> translateRequest(const openai::ChatRequest& request,
                                           const RequestTarget& target);

}  // namespace rondo::translation
