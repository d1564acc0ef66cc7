#pragma once

#include <string>
#include <vector>

#include "base/result.h"

// Bodies of `GET /v1/models` and `GET /v1/models/{id}` (docs.anthropic.com/en/api/models-list).

namespace rondo::anthropic {

struct Model {
  std::string id;
  std::string displayName;  // For people; where nothing is known, the id again.
};

// The query of a list, as it was sent; each may be empty.
struct PageQuery {
  std::string limit;
  std::string afterId;
  std::string beforeId;
};

// The page that was asked for; without a limit, all there is. BadRequest for a limit that is none,
// and for an id that isn't in the list.
Result<std::string> modelListBody(const std::vector<Model>& models, const PageQuery& query);

std::string modelBody(const Model& model);

}  // namespace rondo::anthropic
