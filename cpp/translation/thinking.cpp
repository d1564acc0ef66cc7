#include "translation/body_parts.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/ascii.h"

namespace rondo::translation {
namespace {

using conversation::Effort;
using google::Feature;
using google::ThinkingLevel;

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

ThinkingLevel levelOf(Effort effort) {
  switch (effort) {
    case Effort::None:
    case Effort::Minimal: return ThinkingLevel::Minimal;
    case Effort::Low: return ThinkingLevel::Low;
    case Effort::Medium: return ThinkingLevel::Medium;
    case Effort::High: break;
    case Effort::XHigh: return ThinkingLevel::XHigh;
  }
  return ThinkingLevel::High;
}

// Google's own table for its compatibility layer (ai.google.dev/gemini-api/docs/openai); what it
// lacks is the most there is.
std::int64_t budgetOf(Effort effort) {
  switch (effort) {
    case Effort::None: return 0;
    case Effort::Minimal:
    case Effort::Low: return 1024;
    case Effort::Medium: return 8192;
    case Effort::High: break;
    case Effort::XHigh: return 32768;
  }
  return 24576;
}

Effort effortOfBudget(std::int64_t budget) {
  if (budget <= 0) return Effort::None;
  if (budget <= 1024) return Effort::Low;
  if (budget <= 8192) return Effort::Medium;
  return budget <= 24576 ? Effort::High : Effort::XHigh;
}

// What the client asked for; `word` names the field that it used.
struct Wish {
  std::optional<Effort> effort;
  std::optional<std::int64_t> budget;
  std::string_view word;
};

Wish readWish(const BodyContext& context) {
  const conversation::Thinking& asked = context.request.thinking;
  const ThinkingSuffix& suffix = context.target.suffix;
  if (asked.level) {
    const auto effort = conversation::parseEffort(toLower(*asked.level));
    return {effort, std::nullopt, "thinking_level"};
  }
  if (asked.budget) return {std::nullopt, asked.budget, "thinking_budget"};
  if (suffix.effort) return {suffix.effort, std::nullopt, "reasoning_effort"};
  if (suffix.budget) return {std::nullopt, suffix.budget, "thinking_budget"};
  return {asked.effort, std::nullopt, "reasoning_effort"};
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
  std::optional<Effort> effort = wish.effort;
  if (wish.budget) {
    adjusted.emplace(wish.word);
    if (*wish.budget >= 0) effort = effortOfBudget(*wish.budget);
  }
  if (effort && !target.takes(Feature::ThinkingLevel)) adjusted.emplace(wish.word);
  if (!effort || !target.takes(Feature::ThinkingLevel)) return decision;
  const ThinkingLevel wanted = levelOf(*effort);
  const ThinkingLevel least = target.limits.lowestLevel.value_or(target.family.lowestLevel());
  const ThinkingLevel most = target.limits.highestLevel.value_or(target.family.highestLevel());
  decision.level = std::max(least, std::min(wanted, most));
  decision.isOn = *effort != Effort::None;
  if (decision.level != wanted || !decision.isOn) adjusted.emplace(wish.word);
  return decision;
}

// Whether the model thinks under it: Google refuses to show thoughts that there can't be.
bool thinks(const google::ModelFamily& family, const Decision& decision) {
  return decision.budget ? decision.budget != 0 : decision.level || family.thinksByItself();
}

void writeDecision(json::Writer& writer, const BodyContext& context, const Decision& decision,
                   bool includeThoughts) {
  context.use(Feature::Thinking);
  if (decision.budget) context.use(Feature::ThinkingBudget);
  if (decision.level) context.use(Feature::ThinkingLevel);
  context.uses.level = decision.level;
  writer.key("thinkingConfig").beginObject();
  if (decision.budget) writer.key("thinkingBudget").integer(*decision.budget);
  if (decision.level) writer.key("thinkingLevel").string(levelWord(*decision.level));
  writer.key("includeThoughts").boolean(includeThoughts);
  writer.endObject();
}

}  // namespace

void writeThinkingConfig(json::Writer& writer, const BodyContext& context, Adjusted& adjusted) {
  const RequestTarget& target = context.target;
  const Wish wish = readWish(context);
  const auto include = context.request.thinking.includeThoughts;
  if (!wish.effort && !wish.budget && !include) return;

  const auto control = target.family.thinkingControl();
  const bool takesBudgets = control == google::ThinkingControl::Budget;
  if (!target.takes(Feature::Thinking) ||
      (takesBudgets && !target.takes(Feature::ThinkingBudget))) {
    // Not thinking at all is what such a model does anyway.
    if (wish.effort != Effort::None) adjusted.emplace(wish.word);
    return;
  }
  const Decision decision =
      takesBudgets ? decideBudget(wish, target, adjusted) : decideLevel(wish, target, adjusted);
  const bool wantsThoughts = include.value_or(decision.isOn);
  const bool hasThoughts = thinks(target.family, decision);
  if (include == true && !hasThoughts) adjusted.emplace(wish.word);
  writeDecision(writer, context, decision, wantsThoughts && hasThoughts);
}

}  // namespace rondo::translation
