#include "equality/reference_config.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "equality/reference_suffix.h"

namespace rondo::equality {
namespace {

// --- The response's format ---

struct Format {
  bool isJson = false;
  const Value* schema = nullptr;
};

Format readFormat(const Value& request) {
  const Value* holder = any(request, "response_format");
  if (!holder) return {};
  const std::string type = requiredText(*holder, "type");
  if (type == "json_object") return {true, nullptr};
  if (type == "json_schema") return {true, objectAt(required(*holder, "json_schema"), "schema")};
  demand(type == "text");
  return {};
}

bool isInWords(const Format& format, const Tools& tools, const Family& family) {
  const bool isBesideTools = !tools.list.empty() || tools.searches;
  return format.isJson && isBesideTools && !family.isOfGemini3;
}

void addFormat(Value& config, const Value& request, const Tools& tools, const Family& family) {
  const Format format = readFormat(request);
  if (!format.isJson || isInWords(format, tools, family)) return;
  config["responseMimeType"] = "application/json";
  if (format.schema) addResponseSchema(config, *format.schema, family);
}

// --- Sampling and lengths ---

void addNumber(Value& config, const char* key, std::optional<double> number) {
  if (number) config[key] = *number;
}

void addSampling(Value& config, const Value& request, const Target& target, const Family& family) {
  const auto temperature = numberAt(request, "temperature", 0, 2);
  const auto topP = numberAt(request, "top_p", 0, 1);
  const auto presence = numberAt(request, "presence_penalty", -2, 2);
  const auto frequency = numberAt(request, "frequency_penalty", -2, 2);
  if (family.takesSampling) {
    addNumber(config, "temperature", temperature);
    addNumber(config, "topP", topP);
  }
  if (!family.takesPenalties(target.backend)) return;
  const auto taken = [&target](std::optional<double> penalty) {
    const bool isBelowTwo = target.backend == google::Backend::Vertex;
    return penalty && isBelowTwo ? std::min(*penalty, 1.99) : penalty;
  };
  if (presence != 0.0) addNumber(config, "presencePenalty", taken(presence));
  if (frequency != 0.0) addNumber(config, "frequencyPenalty", taken(frequency));
}

void addLength(Value& config, const Value& request, const Family& family) {
  const auto newer = integerAt(request, "max_completion_tokens", 1, INT32_MAX);
  const auto older = integerAt(request, "max_tokens", 1, INT32_MAX);
  const auto wanted = newer ? newer : older;
  const bool isStreamed = flagAt(request, "stream").value_or(false);
  const std::int64_t most = isStreamed ? family.mostStreamed : family.mostWhole;
  if (wanted) config["maxOutputTokens"] = std::min<std::int64_t>({*wanted, most, INT32_MAX});
}

void addStops(Value& config, const Value& request) {
  const Value* stop = any(request, "stop");
  if (!stop) return;
  demand(stop->is_string() || stop->is_array());
  Value stops = Value::array();
  for (const Value& each : stop->is_string() ? Value::array({*stop}) : *stop) {
    demand(each.is_string());
    if (each != "" && stops.size() < 5) stops.push_back(each);
  }
  if (!stops.empty()) config["stopSequences"] = stops;
}

void addSeveral(Value& config, const Value& request, const Family& family) {
  const auto n = integerAt(request, "n", 1, 128);
  const auto seed = integerAt(request, "seed", -INT64_MAX, INT64_MAX);
  if (seed) config["seed"] = *seed & INT32_MAX;
  if (!n || *n == 1 || !family.takesSeveralCandidates) return;
  config["candidateCount"] = std::min<std::int64_t>(*n, 8);
}

void addLogprobs(Value& config, const Value& request) {
  const bool isAsked = flagAt(request, "logprobs").value_or(false);
  const std::int64_t top = integerAt(request, "top_logprobs", 0, 20).value_or(0);
  if (!isAsked) return;
  config["responseLogprobs"] = true;
  if (top > 0) config["logprobs"] = top;
}

void addModalities(Value& config, const Value& request) {
  const Value* words = arrayAt(request, "modalities");
  if (!words) return;
  bool hasImage = false;
  for (const Value& word : *words) {
    demand(word == "text" || word == "image" || word == "audio");
    hasImage = hasImage || word == "image";
  }
  if (hasImage) config["responseModalities"] = Value::array({"TEXT", "IMAGE"});
}

// --- Thinking ---

struct Effort {
  int rank;  // 0: none … 5: as much as there is.
  std::int64_t budget;
  std::string_view level;
};

constexpr std::array kEfforts = {
    Effort{0, 0, "MINIMAL"},   Effort{1, 1024, "MINIMAL"}, Effort{2, 1024, "LOW"},
    Effort{3, 8192, "MEDIUM"}, Effort{4, 24576, "HIGH"},   Effort{5, 32768, "XHIGH"},
};

std::optional<int> rankOf(std::string_view word) {
  constexpr std::array<std::string_view, 6> kWords = {"none",   "minimal", "low",
                                                      "medium", "high",    "xhigh"};
  if (word == "max") return 5;
  const auto found = std::ranges::find(kWords, word);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<int>(found - kWords.begin());
}

int rankOfBudget(std::int64_t budget) {
  if (budget <= 0) return 0;
  for (const int rank : {2, 3, 4}) {
    if (budget <= kEfforts[static_cast<std::size_t>(rank)].budget) return rank;
  }
  return 5;
}

// What the client asked for: at most one of `rank` and `budget`.
struct Wish {
  std::optional<int> rank;
  std::optional<std::int64_t> budget;
  std::optional<bool> shows;
};

struct Extras {
  std::string level;
  std::optional<std::int64_t> budget;
  std::optional<bool> shows;
};

void readThinking(const Value& holder, Extras& extras) {
  const Value* config = any(holder, "thinking_config");
  if (!config) return;
  const std::string level = textAt(*config, "thinking_level");
  const auto budget = integerAt(*config, "thinking_budget", -1, INT32_MAX);
  const auto shows = flagAt(*config, "include_thoughts");
  if (!level.empty()) extras.level = level;
  if (budget) extras.budget = budget;
  if (shows) extras.shows = shows;
}

Extras readExtras(const Value& request) {
  Extras extras;
  if (const Value* google = any(request, "google")) readThinking(*google, extras);
  const Value* body = any(request, "extra_body");
  const Value* inner = body ? any(*body, "google") : nullptr;
  if (inner) readThinking(*inner, extras);
  readThinking(request, extras);
  const auto budget = integerAt(request, "thinking_budget", -1, INT32_MAX);
  if (budget) extras.budget = budget;
  return extras;
}

Wish readWish(const Value& request) {
  const std::string word = textAt(request, "reasoning_effort");
  const auto rank = rankOf(word);
  demand(word.empty() || rank);
  const Extras extras = readExtras(request);
  const std::string suffix = suffixOf(requiredText(request, "model"));
  if (!extras.level.empty()) return {rankOf(toLower(extras.level)), {}, extras.shows};
  if (extras.budget) return {{}, extras.budget, extras.shows};
  if (rankOf(suffix)) return {rankOf(suffix), {}, extras.shows};
  if (budgetIn(suffix)) return {{}, budgetIn(suffix), extras.shows};
  return {rank, {}, extras.shows};
}

Value budgetFor(const Wish& wish, const Family& family) {
  Value config = Value::object();
  std::optional<std::int64_t> budget = wish.budget;
  if (wish.rank) {
    budget = kEfforts[static_cast<std::size_t>(*wish.rank)].budget;
    if (budget != 0 || !family.canBeOff) {
      budget = std::clamp(*budget, family.leastBudget, family.mostBudget);
    }
  }
  if (budget) config["thinkingBudget"] = *budget;
  const bool thinks = budget ? *budget != 0 : family.thinksByItself;
  config["includeThoughts"] = thinks && wish.shows.value_or(true);
  return config;
}

Value levelFor(const Wish& wish, const Family& family) {
  Value config = Value::object();
  std::optional<int> rank = wish.rank;
  if (wish.budget && family.takesBudgetToo) {
    config["thinkingBudget"] = *wish.budget;
  } else if (wish.budget && *wish.budget >= 0) {
    rank = rankOfBudget(*wish.budget);
  }
  if (rank) {
    const int level =
        std::max(family.lowestLevel, std::min(std::max(*rank, 1), family.highestLevel));
    config["thinkingLevel"] = kEfforts[static_cast<std::size_t>(level)].level;
  }
  const bool thinks = rank || !wish.budget || *wish.budget != 0;
  config["includeThoughts"] = thinks && wish.shows.value_or(rank != 0);
  return config;
}

void addThinking(Value& config, const Value& request, const Family& family) {
  const Wish wish = readWish(request);
  if (!wish.rank && !wish.budget && !wish.shows) return;
  if (family.thinking == Thinking::None) return;
  config["thinkingConfig"] =
      family.thinking == Thinking::Budget ? budgetFor(wish, family) : levelFor(wish, family);
}

}  // namespace

std::string jsonInstruction(const Value& request, const Tools& tools, const Family& family) {
  const Format format = readFormat(request);
  if (!isInWords(format, tools, family)) return {};
  std::string text =
      "Unless you call a function, answer with a single JSON document and no other text.";
  if (format.schema) {
    text += " It must be valid under this JSON Schema: " + format.schema->dump();
  }
  return text;
}

void addConfig(Value& body, const Value& request, const Tools& tools, const Target& target) {
  const Family& family = familyOf(target.model);
  Value config = Value::object();
  addSampling(config, request, target, family);
  addLength(config, request, family);
  addStops(config, request);
  addSeveral(config, request, family);
  addLogprobs(config, request);
  addFormat(config, request, tools, family);
  addModalities(config, request);
  addThinking(config, request, family);
  if (!config.empty()) body["generationConfig"] = config;
}

}  // namespace rondo::equality
