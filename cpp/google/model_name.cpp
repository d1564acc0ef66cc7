#include "google/model_name.h"

#include <initializer_list>

#include "base/ascii.h"

namespace rondo::google {

std::string plainModelName(std::string_view name) {
  name = trim(name);
  for (bool isPlain = false; !isPlain;) {
    isPlain = true;
    for (const std::string_view prefix : {"publishers/google/models/", "models/", "google/"}) {
      if (!name.starts_with(prefix)) continue;
      name = trim(name.substr(prefix.size()));
      isPlain = false;
    }
  }
  return std::string(name);
}

}  // namespace rondo::google
