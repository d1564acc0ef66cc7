#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "conversation/dialect.h"
#include "gateway/client_request.h"

namespace rondo::gateway {

// How a dialect tells of models.
struct ModelsDialect {
  const conversation::Dialect& errors;
  // The bodies of a list and of one.
  Result<std::string> (*list)(const std::vector<std::string>& names, const PageOfList& page);
  std::string (*one)(const std::string& name);
};

const ModelsDialect& openaiModels();
const ModelsDialect& anthropicModels();

}  // namespace rondo::gateway
