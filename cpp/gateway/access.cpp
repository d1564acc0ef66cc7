#include "gateway/access.h"

#include <algorithm>

#include "base/ascii.h"

namespace rondo::gateway {

bool mayUse(const Client& client, std::string_view model) {
  return client.models.empty() ||
         std::ranges::any_of(client.models, [model](const std::string& pattern) {
           return matchesGlob(pattern, model);
         });
}

}  // namespace rondo::gateway
