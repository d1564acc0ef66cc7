#include "google/features.h"

#include <algorithm>
#include <utility>

namespace rondo::google {
namespace {

// The fewest tokens that a model thinks with which can't be told not to.
constexpr std::int64_t kLeastBudget = 128;
constexpr std::int64_t kMostBudget = 32768;

// The nearest levels that may be taken when this one was not. Whether there are any.
bool avoidLevel(ThinkingLevel refused, ModelLimits& limits) {
  switch (refused) {
    case ThinkingLevel::Minimal: limits.lowestLevel = ThinkingLevel::Low; return true;
    case ThinkingLevel::Low:
    case ThinkingLevel::Medium: limits.lowestLevel = ThinkingLevel::High; return true;
    case ThinkingLevel::XHigh: limits.highestLevel = ThinkingLevel::High; return true;
    case ThinkingLevel::High: break;
  }
  return false;
}

void refuseLevel(const RefusedFeature& refused, const Uses& uses, ModelLimits& limits) {
  if (refused.extent == RefusedFeature::Extent::Whole) {
    limits.refused.insert(Feature::ThinkingLevel);
  } else if (!uses.level || !avoidLevel(*uses.level, limits)) {
    limits.refused.insert(Feature::Thinking);
  }
}

void refuseBudget(const RefusedFeature& refused, ModelLimits& limits) {
  if (refused.range) {
    limits.budgets = refused.range;
  } else if (refused.extent == RefusedFeature::Extent::OneValue) {
    limits.budgets = Range{kLeastBudget, kMostBudget};
  } else {
    limits.refused.insert(Feature::ThinkingBudget);
  }
}

// Whether a body with these uses has what was refused. A complaint about thinking as such may mean
// either way to ask for it.
bool isUsed(Feature feature, const Uses& uses) {
  if (feature != Feature::Thinking) return uses.features.has(feature);
  return uses.features.has(Feature::Thinking) || uses.features.has(Feature::ThinkingBudget) ||
         uses.features.has(Feature::ThinkingLevel);
}

template <class T, class Choose>
void join(std::optional<T>& into, const std::optional<T>& other, Choose choose) {
  if (other) into = into ? choose(*into, *other) : *other;
}

}  // namespace

bool isSetting(Feature feature) { return feature <= Feature::ServiceTier; }

bool takes(const ModelFamily& family, Backend backend, Feature feature) {
  switch (feature) {
    case Feature::ThinkingBudget: return family.takesThinkingBudget();
    case Feature::ThinkingLevel: return family.thinkingControl() == ThinkingControl::Level;
    case Feature::Thinking: return family.thinkingControl() != ThinkingControl::None;
    case Feature::Sampling: return family.takesSampling();
    case Feature::Penalties: return family.takesPenalties(backend);
    case Feature::SeveralCandidates: return family.takesSeveralCandidates();
    case Feature::MediaResolution: return family.takesMediaResolution();
    case Feature::ServiceTier: return backend == Backend::Gemini;
    case Feature::CallIds: return family.takesCallIds();
    case Feature::JsonSchema: return family.takesJsonSchema();
    case Feature::FinalModelTurn: return family.takesFinalModelTurn();
    case Feature::SystemInstruction: return family.takesSystemInstruction();
    case Feature::ToolsWithJson: return family.takesToolsWithJson();
    case Feature::MediaInToolResults: return family.takesMediaInToolResults();
    case Feature::WebMedia: return family.takesHttpsMedia(backend);
    case Feature::HostedTools: return family.takesHostedTools();
    case Feature::HostedBesideFunctions: return family.takesHostedBesideFunctions(backend);
    case Feature::Logprobs:
    case Feature::Seed:
    case Feature::OutputLength:
    case Feature::ThoughtSignatures:
    case Feature::BareSpeech:
    case Feature::EmptyText:
    case Feature::StoredContent:
    case Feature::ContextCache: break;
  }
  return true;
}

std::string featureWord(Feature feature) {
  switch (feature) {
    case Feature::Thinking: return "thinking";
    case Feature::ThinkingBudget: return "thinking_budget";
    case Feature::ThinkingLevel: return "thinking_level";
    case Feature::Sampling: return "sampling";
    case Feature::Penalties: return "penalties";
    case Feature::SeveralCandidates: return "n";
    case Feature::Logprobs: return "logprobs";
    case Feature::Seed: return "seed";
    case Feature::OutputLength: return "max_tokens";
    case Feature::MediaResolution: return "media_resolution";
    case Feature::ServiceTier: return "service_tier";
    case Feature::CallIds: return "call_ids";
    case Feature::JsonSchema: return "schema";
    case Feature::FinalModelTurn:
    case Feature::EmptyText:
    case Feature::SystemInstruction:
    case Feature::MediaInToolResults: return "messages";
    case Feature::ToolsWithJson: return "response_format";
    case Feature::ThoughtSignatures: return "thought_signatures";
    case Feature::BareSpeech: return "instructions";
    case Feature::WebMedia: return "media";
    case Feature::HostedTools:
    case Feature::HostedBesideFunctions: return "hosted_tools";
    case Feature::ContextCache: return "context_cache";
    case Feature::StoredContent: break;
  }
  return "stored_content";
}

std::optional<ModelLimits> limitsAfter(const ModelLimits& limits, const RefusedFeature& refused,
                                       const Uses& uses) {
  if (refused.feature == Feature::StoredContent || !isUsed(refused.feature, uses)) {
    return std::nullopt;
  }
  ModelLimits after = limits;
  if (refused.feature == Feature::ThinkingLevel) {
    refuseLevel(refused, uses, after);
  } else if (refused.feature == Feature::ThinkingBudget) {
    refuseBudget(refused, after);
  } else if (refused.feature == Feature::OutputLength) {
    if (refused.range) after.mostOutput = refused.range->most;
  } else {
    after.refused.insert(refused.feature);
  }
  if (after == limits) return std::nullopt;
  return after;
}

ModelLimits lastingOf(const ModelLimits& limits, FeatureSet features) {
  ModelLimits lasting;
  features.forEach([&](Feature feature) {
    if (!isSetting(feature) && feature != Feature::EmptyText) return;
    if (limits.refused.has(feature)) lasting.refused.insert(feature);
    if (feature == Feature::OutputLength) lasting.mostOutput = limits.mostOutput;
    if (feature == Feature::ThinkingBudget) lasting.budgets = limits.budgets;
    if (feature != Feature::ThinkingLevel) return;
    lasting.lowestLevel = limits.lowestLevel;
    lasting.highestLevel = limits.highestLevel;
    // No level was left to try.
    if (limits.refused.has(Feature::Thinking)) lasting.refused.insert(Feature::Thinking);
  });
  return lasting;
}

ModelLimits joined(ModelLimits limits, const ModelLimits& others) {
  limits.refused.insert(others.refused);
  join(limits.lowestLevel, others.lowestLevel,
       [](auto one, auto other) { return std::max(one, other); });
  join(limits.highestLevel, others.highestLevel,
       [](auto one, auto other) { return std::min(one, other); });
  join(limits.budgets, others.budgets, [](const Range& one, const Range& other) {
    const Range both{std::max(one.least, other.least), std::min(one.most, other.most)};
    return both.least <= both.most ? both : other;
  });
  join(limits.mostOutput, others.mostOutput,
       [](auto one, auto other) { return std::min(one, other); });
  return limits;
}

}  // namespace rondo::google
