#include "conversation/search_limits.h"

#include <algorithm>
#include <array>

namespace rondo::conversation {
namespace {

// Whether a place is told, and not only that it could be.
bool isPlace(json::Node location) {
  static constexpr std::array<std::string_view, 4> kKeys = {"city", "country", "region",
                                                            "timezone"};
  return std::ranges::any_of(
      kKeys, [location](std::string_view key) { return !location.find(key).string().empty(); });
}

}  // namespace

std::vector<std::string_view> unmetLimits(json::Node filters,
                                          std::initializer_list<json::Node> locations) {
  std::vector<std::string_view> unmet;
  for (const std::string_view key : {"allowed_domains", "blocked_domains"}) {
    if (filters.find(key).hasElements()) unmet.push_back(key);
  }
  if (std::ranges::any_of(locations, isPlace)) unmet.emplace_back("user_location");
  return unmet;
}

}  // namespace rondo::conversation
