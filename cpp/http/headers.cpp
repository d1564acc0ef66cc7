#include "http/headers.h"

#include <algorithm>

#include "base/ascii.h"

namespace rondo::http {

void Headers::set(std::string_view name, std::string value) {
  const auto field = std::ranges::find_if(
      fields_, [name](const Field& each) { return equalsIgnoringCase(each.first, name); });
  if (field != fields_.end()) {
    field->second = std::move(value);
  } else {
    fields_.emplace_back(std::string(name), std::move(value));
  }
}

std::optional<std::string_view> Headers::get(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (equalsIgnoringCase(key, name)) return value;
  }
  return std::nullopt;
}

}  // namespace rondo::http
