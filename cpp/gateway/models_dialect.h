#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "conversation/dialect.h"
#include "gateway/client_request.h"
#include "gateway/services.h"

namespace rondo::gateway {

// How a dialect tells of models.
struct ModelsDialect {
  const conversation::ErrorWords& errors;
  // The bodies of a list and of one.
  Result<std::string> (*list)(const Services& services, const std::vector<std::string>& names,
                              const PageOfList& page);
  std::string (*one)(const Services& services, const std::string& name);
};

const ModelsDialect& openaiModels();
const ModelsDialect& anthropicModels();
// In the words of the Gemini API and of Vertex AI (gateway/native_models.cpp).
const ModelsDialect& geminiModels();
const ModelsDialect& vertexModels();

}  // namespace rondo::gateway
