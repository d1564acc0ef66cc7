#include "translation/mend.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <vector>

#include "base/ascii.h"
#include "json/value.h"

namespace rondo::translation {
namespace {

using google::ThinkingLevel;

// Everything that the error says, in lower case and without the underscores that Google puts into
// names in some messages and not in others.
std::string complaint(std::string_view errorJson) {
  const auto document = json::parse(errorJson);
  if (!document) return {};
  const bool isList = document->is_array() && !document->empty();
  const json::Value* error = json::findObject(isList ? document->front() : *document, "error");
  if (!error) return {};
  std::string text(json::findString(*error, "message").value_or(""));
  if (const json::Value* details = json::findArray(*error, "details")) {
    for (const json::Value& detail : *details) {
      const json::Value* violations = json::findArray(detail, "fieldViolations");
      if (!violations) continue;
      for (const json::Value& violation : *violations) {
        for (const std::string_view key : {"field", "description"}) {
          text.append(" ").append(json::findString(violation, key).value_or(""));
        }
      }
    }
  }
  text = toLower(text);
  std::erase(text, '_');
  return text;
}

bool mentions(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// Whether `body` has a member of this name.
bool sends(std::string_view body, std::string_view name) {
  std::string token = "\"";
  token.append(name).append("\":");
  return body.find(token) != std::string_view::npos;
}

std::vector<std::int64_t> numbersIn(std::string_view text) {
  std::vector<std::int64_t> numbers;
  while (!text.empty()) {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isNumber = fault == std::errc();
    if (isNumber) numbers.push_back(number);
    text.remove_prefix(isNumber ? static_cast<std::size_t>(end - text.data()) : 1);
  }
  return numbers;
}

std::optional<ThinkingLevel> sentLevel(std::string_view body) {
  constexpr std::array<std::pair<std::string_view, ThinkingLevel>, 5> kLevels = {{
      {R"("thinkingLevel":"MINIMAL")", ThinkingLevel::Minimal},
      {R"("thinkingLevel":"LOW")", ThinkingLevel::Low},
      {R"("thinkingLevel":"MEDIUM")", ThinkingLevel::Medium},
      {R"("thinkingLevel":"HIGH")", ThinkingLevel::High},
      {R"("thinkingLevel":"XHIGH")", ThinkingLevel::XHigh},
  }};
  for (const auto& [token, level] : kLevels) {
    if (body.find(token) != std::string_view::npos) return level;
  }
  return std::nullopt;
}

// The nearest level that may be taken when this one was not.
void avoidLevel(ThinkingLevel refused, ModelLimits& limits) {
  switch (refused) {
    case ThinkingLevel::Minimal: limits.lowestLevel = ThinkingLevel::Low; return;
    case ThinkingLevel::Low:
    case ThinkingLevel::Medium: limits.lowestLevel = ThinkingLevel::High; return;
    case ThinkingLevel::XHigh: limits.highestLevel = ThinkingLevel::High; return;
    case ThinkingLevel::High: limits.noThinkingConfig = true; return;
  }
}

// "… choose a value between 512 and 24576."
void learnBudgets(std::string_view text, ModelLimits& limits) {
  const std::size_t between = text.find("between ");
  const auto numbers = numbersIn(between == std::string_view::npos ? "" : text.substr(between));
  if (numbers.size() >= 2 && numbers[0] <= numbers[1]) {
    limits.leastBudget = numbers[0];
    limits.mostBudget = numbers[1];
  } else if (mentions(text, {"thinking mode", "budget 0"})) {
    limits.leastBudget = 128;
  } else {
    limits.noThinkingBudget = true;
  }
}

std::string_view mendThinking(std::string_view text, std::string_view body, ModelLimits& limits) {
  if (!sends(body, "thinkingConfig") || !mentions(text, {"thinking", "budget"})) return {};
  const bool isUnsupported = mentions(text, {"not supported", "unsupported", "unknown name"});
  if (mentions(text, {"budget"}) && sends(body, "thinkingBudget")) {
    if (isUnsupported) {
      limits.noThinkingBudget = true;
    } else {
      learnBudgets(text, limits);
    }
    return "thinking_budget";
  }
  const auto level = sentLevel(body);
  if (level && mentions(text, {"level"})) {
    // "Thinking level is not supported": none is, unless the message names the one that isn't.
    const bool namesOne = mentions(text, {"minimal", "low", "medium", "high"});
    if (isUnsupported && !namesOne) {
      limits.noThinkingConfig = true;
    } else {
      avoidLevel(*level, limits);
    }
    return "thinking_level";
  }
  limits.noThinkingConfig = true;
  return "thinking";
}

// "… supported range is from 1 (inclusive) to 65537 (exclusive) …"
std::string_view mendOutput(std::string_view text, std::string_view body, ModelLimits& limits) {
  const bool isMeant = mentions(text, {"maxoutputtokens", "max output tokens"});
  if (!isMeant || !sends(body, "maxOutputTokens")) return {};
  const std::size_t range = text.find("range");
  const auto numbers = numbersIn(range == std::string_view::npos ? "" : text.substr(range));
  if (numbers.size() < 2 || numbers[1] < 2) return {};
  const bool isExclusive = mentions(text, {"(exclusive)"});
  limits.mostOutput = isExclusive ? numbers[1] - 1 : numbers[1];
  return "max_tokens";
}

// A complaint about one thing that can simply be left out.
struct Rule {
  std::string_view word;                         // For the header.
  std::initializer_list<std::string_view> says;  // Any of them.
  std::initializer_list<std::string_view> sent;  // Any of them; none: always.
  bool ModelLimits::* limit;
};

const std::array<Rule, 12>& rules() {
  static const std::array<Rule, 12> kRules = {{
      {"penalties",
       {"penalty", "penalties"},
       {"presencePenalty", "frequencyPenalty"},
       &ModelLimits::noPenalties},
      {"n", {"candidatecount", "candidate"}, {"candidateCount"}, &ModelLimits::noSeveralCandidates},
      {"logprobs", {"logprobs"}, {"responseLogprobs"}, &ModelLimits::noLogprobs},
      {"seed", {"seed"}, {"seed"}, &ModelLimits::noSeed},
      {"media_resolution",
       {"mediaresolution", "media resolution"},
       {"mediaResolution"},
       &ModelLimits::noMediaResolution},
      {"messages", {"ending with a model turn", "prefill"}, {}, &ModelLimits::noFinalModelTurn},
      {"messages",
       {"developer instruction is not enabled", "system instruction is not"},
       {"systemInstruction"},
       &ModelLimits::noSystemInstruction},
      {"response_format",
       {"function calling with a response mime type"},
       {"responseMimeType"},
       &ModelLimits::noToolsWithJson},
      {"call_ids",
       {"unknown name \"id\" at", "functioncall.id", "functionresponse.id"},
       {"functionCall", "functionResponse"},
       &ModelLimits::noCallIds},
      {"schema",
       {"jsonschema"},
       {"parametersJsonSchema", "responseJsonSchema"},
       &ModelLimits::noJsonSchema},
      {"service_tier",
       {"servicetier", "service tier"},
       {"serviceTier"},
       &ModelLimits::noServiceTier},
      {"sampling",
       {"temperature", "topp", "top-p", "sampling"},
       {"temperature", "topP"},
       &ModelLimits::noSampling},
  }};
  return kRules;
}

std::string_view mendByRule(std::string_view text, std::string_view body, ModelLimits& limits) {
  for (const Rule& rule : rules()) {
    const bool isSent = rule.sent.size() == 0 || std::ranges::any_of(rule.sent, [&](auto name) {
                          return sends(body, name);
                        });
    if (!isSent || !mentions(text, rule.says)) continue;
    limits.*rule.limit = true;
    return rule.word;
  }
  return {};
}

bool isAboutSignatures(std::string_view text) {
  return mentions(text, {"thoughtsignature", "thought signature"});
}

// Whether there is a signature that is not the dummy, or none at all.
bool hasReplaceableSignature(std::string_view body) {
  constexpr std::string_view kKey = R"("thoughtSignature":")";
  std::size_t at = body.find(kKey);
  if (at == std::string_view::npos) return true;
  for (; at != std::string_view::npos; at = body.find(kKey, at + 1)) {
    if (!body.substr(at + kKey.size()).starts_with(kDummySignature)) return true;
  }
  return false;
}

}  // namespace

std::optional<Mend> mend(std::string_view errorJson, std::string_view sentBody,
                         const ModelLimits& limits) {
  const std::string text = complaint(errorJson);
  Mend result{limits, SignaturePolicy::Keep, {}};
  if (isAboutSignatures(text)) {
    if (!sends(sentBody, "functionCall") && !sends(sentBody, "thoughtSignature")) return {};
    if (!hasReplaceableSignature(sentBody)) return {};
    result.signatures = SignaturePolicy::Dummies;
    result.word = "thought_signatures";
    return result;
  }
  for (const auto attempt : {mendThinking, mendOutput, mendByRule}) {
    result.word = attempt(text, sentBody, result.limits);
    if (result.word.empty()) continue;
    if (result.limits == limits) return {};
    return result;
  }
  return {};
}

}  // namespace rondo::translation
