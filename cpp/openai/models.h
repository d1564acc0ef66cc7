#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Bodies of `GET /v1/models` and `GET /v1/models/{id}`.

namespace rondo::openai {

struct Model {
  std::string id;
  std::int64_t created = 0;  // Unix seconds.
  std::string ownedBy = "google";
};

std::string modelListBody(const std::vector<Model>& models);
std::string modelBody(const Model& model);

}  // namespace rondo::openai
