#include "gateway/chat_models.h"

#include "gateway/access.h"

namespace rondo::gateway {

translation::SuffixedModel targetOf(const Settings& settings, const std::string& name) {
  const auto named = translation::splitModelSuffix(name);
  const bool isAlias = settings.modelAliases.contains(name);
  auto target = translation::splitModelSuffix(resolveModel(settings, isAlias ? name : named.model));
  const bool hasOwnSuffix = named.suffix.effort || named.suffix.budget;
  if (!isAlias && hasOwnSuffix) target.suffix = named.suffix;
  return target;
}

std::vector<translation::SuffixedModel> fallbacksOf(const Settings& settings,
                                                    const Request& request,
                                                    const std::string& name) {
  std::vector<translation::SuffixedModel> fallbacks;
  if (request.fallback == Fallback::Off) return fallbacks;
  auto configured = settings.modelFallbacks.find(name);
  const auto asked = targetOf(settings, name);
  if (configured == settings.modelFallbacks.end()) {
    configured = settings.modelFallbacks.find(asked.model);
  }
  if (configured == settings.modelFallbacks.end()) return fallbacks;
  for (const auto& each : configured->second) {
    if (!mayUse(request.client, each)) continue;
    auto target = targetOf(settings, each);
    const bool hasOwnSuffix = target.suffix.effort || target.suffix.budget;
    if (!hasOwnSuffix) target.suffix = asked.suffix;
    fallbacks.push_back(std::move(target));
  }
  return fallbacks;
}

}  // namespace rondo::gateway
