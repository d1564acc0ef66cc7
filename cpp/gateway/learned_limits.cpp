#include "gateway/learned_limits.h"

#include <algorithm>

#include "base/bounds.h"

namespace rondo::gateway {

google::ModelLimits LearnedLimits::of(std::string_view model, Instant now) const {
  const auto entry = entries_.find(model);
  const bool isKnown = entry != entries_.end() && entry->second.until > now;
  return isKnown ? entry->second.limits : google::ModelLimits{};
}

void LearnedLimits::learn(const std::string& model, const google::ModelLimits& limits,
                          google::FeatureSet mended, Instant now) {
  const auto lasting = google::lastingOf(limits, mended);
  if (lasting == google::ModelLimits{}) return;
  const auto known = of(model, now);
  if (!entries_.contains(model) && entries_.size() >= bounds::kLimitedModels) {
    entries_.erase(
        std::ranges::min_element(entries_, {}, [](const auto& each) { return each.second.until; }));
  }
  entries_.insert_or_assign(model,
                            Entry{google::joined(known, lasting), now + bounds::kLimitsLast});
}

}  // namespace rondo::gateway
