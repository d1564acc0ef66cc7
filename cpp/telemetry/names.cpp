#include "telemetry/names.h"

#include <algorithm>

#include "telemetry/labels.h"

namespace rondo::telemetry {

Names::Index Names::indexOf(std::string_view name) {
  const auto found = std::ranges::find(names_, name);
  if (found != names_.end()) return static_cast<Index>(found - names_.begin());
  std::string clean = cleanLabel(name);
  if (clean != name) return indexOf(clean);
  if (names_.size() > kMostNames) return 0;
  names_.push_back(std::move(clean));
  return static_cast<Index>(names_.size() - 1);
}

}  // namespace rondo::telemetry
