#include "translation/thinking.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/ascii.h"

namespace rondo::translation {
namespace {

using google::Feature;
using google::ThinkingLevel;
using openai::ReasoningEffort;

std::string_view levelWord(ThinkingLevel level) {
  switch (level) {
    case ThinkingLevel::Minimal: return "MINIMAL";
    case ThinkingLevel::Low: return "LOW";
    case ThinkingLevel::Medium: return "MEDIUM";
    case ThinkingLevel::High: break;
    case ThinkingLevel::XHigh: return "XHIGH";
  }
  return "HIGH";
}

ThinkingLevel levelOf(ReasoningEffort effort) {
  switch (effort) {
    case ReasoningEffort::None:
    case ReasoningEffort::Minimal: return ThinkingLevel::Minimal;
    case ReasoningEffort::Low: return ThinkingLevel::Low;
    case ReasoningEffort::Medium: return ThinkingLevel::Medium;
    case ReasoningEffort::High: break;
    case ReasoningEffort::XHigh: return ThinkingLevel::XHigh;
  }
  return ThinkingLevel::High;
}

// Google's own table for its compatibility layer (ai.google.dev/gemini-api/docs/openai); what it
// lacks is the most there is.
std::int64_t budgetOf(ReasoningEffort effort) {
  switch (effort) {
    case ReasoningEffort::None: return 0;
    case ReasoningEffort::Minimal:
    case ReasoningEffort::Low: return 1024;
    case ReasoningEffort::Medium: return 8192;
    case ReasoningEffort::High: break;
    case ReasoningEffort::XHigh: return 32768;
  }
  return 24576;
}

ReasoningEffort effortOfBudget(std::int64_t budget) {
  if (budget <= 0) return ReasoningEffort::None;
  if (budget <= 1024) return ReasoningEffort::Low;
  if (budget <= 8192) return ReasoningEffort::Medium;
  return budget <= 24576 ? ReasoningEffort::High : ReasoningEffort::XHigh;
}

// What the client asked for; `word` names the field that it used.
struct Wish {
  std::optional<ReasoningEffort> effort;
  std::optional<std::int64_t> budget;
  std::string_view word;
};

Wish readWish(const BodyContext& context) {
  const openai::GoogleExtras& extras = context.request.google;
  const ThinkingSuffix& suffix = context.target.suffix;
  if (extras.thinkingLevel) {
    const auto effort = openai::parseEffort(toLower(*extras.thinkingLevel));
    return {effort, std::nullopt, "thinking_level"};
  }
  if (extras.thinkingBudget) return {std::nullopt, extras.thinkingBudget, "thinking_budget"};
  if (suffix.effort) return {suffix.effort, std::nullopt, "reasoning_effort"};
  if (suffix.budget) return {std::nullopt, suffix.budget, "thinking_budget"};
  return {context.request.reasoningEffort, std::nullopt, "reasoning_effort"};
}

// What is sent. `isOn` says whether there can be thoughts to show.
struct Decision {
  std::optional<std::int64_t> budget;
  std::optional<ThinkingLevel> level;
  bool isOn = true;
};

// A budget is sent as the client gave it, unless the model has refused such a one.
std::int64_t withinLimits(std::int64_t budget, const google::ModelLimits& limits) {
  if (budget < 0 || !limits.budgets) return budget;
  return std::clamp(budget, limits.budgets->least, limits.budgets->most);
}

Decision decideBudget(const Wish& wish, const RequestTarget& target, Adjusted& adjusted) {
  Decision decision;
  if (wish.budget) {
    decision.budget = withinLimits(*wish.budget, target.limits);
    if (decision.budget != wish.budget) adjusted.emplace(wish.word);
  } else if (wish.effort) {
    const google::BudgetRange range = target.family.budgetRange();
    const std::int64_t wanted = budgetOf(*wish.effort);
    const bool isOff = wanted == 0 && range.canBeOff;
    const std::int64_t fit = isOff ? 0 : std::clamp(wanted, range.least, range.most);
    decision.budget = withinLimits(fit, target.limits);
    if (wanted == 0 && decision.budget != 0) adjusted.emplace(wish.word);
  }
  decision.isOn = decision.budget != 0;
  return decision;
}

Decision decideLevel(const Wish& wish, const RequestTarget& target, Adjusted& adjusted) {
  Decision decision;
  if (wish.budget && target.takes(Feature::ThinkingBudget)) {
    decision.budget = withinLimits(*wish.budget, target.limits);
    if (decision.budget != wish.budget) adjusted.emplace(wish.word);
    return decision;
  }
  std::optional<ReasoningEffort> effort = wish.effort;
  if (wish.budget) {
    adjusted.emplace(wish.word);
    if (*wish.budget >= 0) effort = effortOfBudget(*wish.budget);
  }
  if (!effort) return decision;
  const ThinkingLevel wanted = levelOf(*effort);
  const ThinkingLevel least = target.limits.lowestLevel.value_or(target.family.lowestLevel());
  const ThinkingLevel most = target.limits.highestLevel.value_or(target.family.highestLevel());
  decision.level = std::max(least, std::min(wanted, most));
  decision.isOn = *effort != ReasoningEffort::None;
  if (decision.level != wanted || !decision.isOn) adjusted.emplace(wish.word);
  return decision;
}

void writeDecision(json::Writer& writer, const BodyContext& context, const Decision& decision,
                   std::optional<bool> includeThoughts) {
  context.use(Feature::Thinking);
  if (decision.budget) context.use(Feature::ThinkingBudget);
  if (decision.level) context.use(Feature::ThinkingLevel);
  context.uses.level = decision.level;
  writer.key("thinkingConfig").beginObject();
  if (decision.budget) writer.key("thinkingBudget").integer(*decision.budget);
  if (decision.level) writer.key("thinkingLevel").string(levelWord(*decision.level));
  writer.key("includeThoughts").boolean(includeThoughts.value_or(decision.isOn));
  writer.endObject();
}

}  // namespace

void writeThinkingConfig(json::Writer& writer, const BodyContext& context, Adjusted& adjusted) {
  const RequestTarget& target = context.target;
  const Wish wish = readWish(context);
  const auto include = context.request.google.includeThoughts;
  if (!wish.effort && !wish.budget && !include) return;

  const auto control = target.family.thinkingControl();
  const bool takesBudgets = control == google::ThinkingControl::Budget;
  if (!target.takes(Feature::Thinking) ||
      (takesBudgets && !target.takes(Feature::ThinkingBudget))) {
    // Not thinking at all is what such a model does anyway.
    if (wish.effort != ReasoningEffort::None) adjusted.emplace(wish.word);
    return;
  }
  const Decision decision =
      takesBudgets ? decideBudget(wish, target, adjusted) : decideLevel(wish, target, adjusted);
  writeDecision(writer, context, decision, include);
}

}  // namespace rondo::translation
