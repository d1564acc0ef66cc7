#include "google/token_count.h"

#include "json/document.h"

namespace rondo::google {

std::optional<std::int64_t> readTokenCount(std::string_view body) {
  json::Document document;
  if (!document.tryRead(body)) return std::nullopt;
  const auto total = document.root().find("totalTokens").integer();
  return total && *total >= 0 ? total : std::nullopt;
}

}  // namespace rondo::google
