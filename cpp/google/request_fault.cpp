#include "google/request_fault.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "google/error_text.h"

namespace rondo::google {
namespace {

using enum Feature;
using Extent = RefusedFeature::Extent;

struct FieldOf {
  std::string_view path;  // Lower case, without underscores and indices.
  Feature feature;
};

// What stands at a path of the request or below it; the first that fits.
constexpr std::array<FieldOf, 26> kFields = {{
    {"generationconfig.thinkingconfig.thinkingbudget", ThinkingBudget},
    {"generationconfig.thinkingconfig.thinkinglevel", ThinkingLevel},
    {"generationconfig.thinkingconfig", Thinking},
    {"generationconfig.temperature", Sampling},
    {"generationconfig.topp", Sampling},
    {"generationconfig.topk", Sampling},
    {"generationconfig.presencepenalty", Penalties},
    {"generationconfig.frequencypenalty", Penalties},
    {"generationconfig.candidatecount", SeveralCandidates},
    {"generationconfig.responselogprobs", Logprobs},
    {"generationconfig.logprobs", Logprobs},
    {"generationconfig.seed", Seed},
    {"generationconfig.maxoutputtokens", OutputLength},
    {"generationconfig.mediaresolution", MediaResolution},
    {"contents.parts.mediaresolution", MediaResolution},
    {"servicetier", ServiceTier},
    {"systeminstruction", SystemInstruction},
    {"generationconfig.responsejsonschema", JsonSchema},
    {"generationconfig.responseschema", JsonSchema},
    {"tools.functiondeclarations.parameters", JsonSchema},
    {"toolconfig.includeserversidetoolinvocations", HostedBesideFunctions},
    {"contents.parts.functioncall.id", CallIds},
    {"contents.parts.functionresponse.id", CallIds},
    {"contents.parts.functionresponse.parts", MediaInToolResults},
    {"functionresponse.parts", MediaInToolResults},
    {"contents.parts.thoughtsignature", ThoughtSignatures},
}};

struct Phrase {
  std::string_view words;  // Lower case, as Google says them.
  Feature feature;
  Extent extent;
  std::string_view field;
};

constexpr std::string_view kBudget = "generation_config.thinking_config.thinking_budget";
constexpr std::string_view kLevel = "generation_config.thinking_config.thinking_level";
constexpr std::string_view kThinking = "generation_config.thinking_config";
constexpr std::string_view kFrequency = "generation_config.frequency_penalty";
constexpr std::string_view kPresence = "generation_config.presence_penalty";
constexpr std::string_view kCandidates = "generation_config.candidate_count";
constexpr std::string_view kOutput = "generation_config.max_output_tokens";
constexpr std::string_view kTemperature = "generation_config.temperature";

// Stands for "value for enum at", with any keyword of a schema.
constexpr std::string_view kSchemaValue = "value for … at";

// Messages that give no path; the first that fits. Those about schemas come first, since they
// repeat names of a client's without quoting them.
constexpr std::array<Phrase, 64> kPhrases = {{
    {"requires unspecified property", JsonSchema, Extent::Whole, "tools"},
    {"reference to undefined schema at", JsonSchema, Extent::Whole, "tools"},
    {"was set alongside unsupported fields", JsonSchema, Extent::Whole, "tools"},
    {"ref loops are only supported", JsonSchema, Extent::Whole, "tools"},
    {kSchemaValue, JsonSchema, Extent::Whole, "tools"},
    {"schema should be of type", JsonSchema, Extent::Whole, "tools"},
    {"schema didn't specify", JsonSchema, Extent::Whole, "tools"},
    {"should be non-empty for object type", JsonSchema, Extent::Whole, "tools"},
    {"schema at top-level", JsonSchema, Extent::Whole, "tools"},
    {"schema at properties", JsonSchema, Extent::Whole, "tools"},
    {"json schema is not supported", JsonSchema, Extent::Whole, "tools"},
    {"thought signature", ThoughtSignatures, Extent::Whole, "thought_signature"},
    {"thought_signature", ThoughtSignatures, Extent::Whole, "thought_signature"},
    {"thoughtsignature", ThoughtSignatures, Extent::Whole, "thought_signature"},
    {"not supported in function_response.parts", MediaInToolResults, Extent::Whole, "contents"},
    {"multimodal function responses are not", MediaInToolResults, Extent::Whole, "contents"},
    {"has an empty text parameter", EmptyText, Extent::Whole, "contents"},
    {"cannot fetch content from", WebMedia, Extent::Whole, "contents"},
    {"url_rejected", WebMedia, Extent::Whole, "contents"},
    {"unsupported file uri", WebMedia, Extent::Whole, "contents"},
    {"should only be used for tts", BareSpeech, Extent::Whole, "contents"},
    {"ending with a model turn", FinalModelTurn, Extent::Whole, "contents"},
    {"prefill", FinalModelTurn, Extent::Whole, "contents"},
    {"developer instruction is not enabled", SystemInstruction, Extent::Whole,
     "system_instruction"},
    {"system instruction is not", SystemInstruction, Extent::Whole, "system_instruction"},
    {"function calling with a response mime type", ToolsWithJson, Extent::Whole,
     "generation_config.response_mime_type"},
    {"tool use with function calling is unsupported", HostedBesideFunctions, Extent::Whole,
     "tools"},
    {"multiple tools are supported only", HostedBesideFunctions, Extent::Whole, "tools"},
    {"include_server_side_tool_invocations", HostedBesideFunctions, Extent::Whole, "tools"},
    {"search grounding is not", HostedTools, Extent::Whole, "tools"},
    {"search as tool is not", HostedTools, Extent::Whole, "tools"},
    {"code execution is not", HostedTools, Extent::Whole, "tools"},
    {"thinking budget is not supported", ThinkingBudget, Extent::Whole, kBudget},
    {"thinking_budget is not supported", ThinkingBudget, Extent::Whole, kBudget},
    {"budget 0 is invalid", ThinkingBudget, Extent::OneValue, kBudget},
    {"only works in thinking mode", ThinkingBudget, Extent::OneValue, kBudget},
    {"thinking budget", ThinkingBudget, Extent::Whole, kBudget},
    {"thinking_budget", ThinkingBudget, Extent::Whole, kBudget},
    {"thinking level is not supported", ThinkingLevel, Extent::Whole, kLevel},
    {"thinking_level is not supported", ThinkingLevel, Extent::Whole, kLevel},
    {"thinking level", ThinkingLevel, Extent::OneValue, kLevel},
    {"thinking_level", ThinkingLevel, Extent::OneValue, kLevel},
    {"thinking is not", Thinking, Extent::Whole, kThinking},
    {"frequency penalty", Penalties, Extent::Whole, kFrequency},
    {"presence penalty", Penalties, Extent::Whole, kPresence},
    {"penalty is not", Penalties, Extent::Whole, kFrequency},
    {"penalties are not", Penalties, Extent::Whole, kFrequency},
    {"multiple candidates", SeveralCandidates, Extent::Whole, kCandidates},
    {"only one candidate", SeveralCandidates, Extent::Whole, kCandidates},
    {"candidate count", SeveralCandidates, Extent::Whole, kCandidates},
    {"candidatecount", SeveralCandidates, Extent::Whole, kCandidates},
    {"logprobs is not", Logprobs, Extent::Whole, "generation_config.response_logprobs"},
    {"logprobs are not", Logprobs, Extent::Whole, "generation_config.response_logprobs"},
    {"maxoutputtokens", OutputLength, Extent::Whole, kOutput},
    {"max_output_tokens", OutputLength, Extent::Whole, kOutput},
    {"media resolution is not", MediaResolution, Extent::Whole, "media_resolution"},
    {"service tier is not", ServiceTier, Extent::Whole, "service_tier"},
    {"seed is not", Seed, Extent::Whole, "generation_config.seed"},
    {"temperature is not", Sampling, Extent::Whole, kTemperature},
    {"topp is not", Sampling, Extent::Whole, "generation_config.top_p"},
    {"top_p is not", Sampling, Extent::Whole, "generation_config.top_p"},
    {"topk is not", Sampling, Extent::Whole, "generation_config.top_k"},
    {"top_k is not", Sampling, Extent::Whole, "generation_config.top_k"},
    {"sampling parameters are not", Sampling, Extent::Whole, kTemperature},
}};

struct FieldWords {
  std::string_view words;  // Lower case, as Google says them.
  std::string_view field;
};

// What is said of a field without its path, and that nothing can mend.
constexpr std::array<FieldWords, 3> kFieldWords = {{
    {"response modalities", "generation_config.response_modalities"},
    {"output_dimensionality", "output_dimensionality"},
    {"unsupported language code", "generation_config.audio_transcription_config.language_codes"},
}};

bool isPathCharacter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '[' || c == ']';
}

// The names of Google's messages, behind which the path of a field comes.
// What is counted stands one level deeper in its request; Vertex AI names no message at its paths.
constexpr std::array<std::string_view, 6> kMessageNames = {
    "CountTokensRequest.generate_content_request.",
    "CountTokensRequest.",
    "GenerateContentRequest.",
    "EmbedContentRequest.",
    "BatchEmbedContentsRequest.",
    "The GenerateContentRequest proto is invalid:\n  * "};

// Where Google's own words stand in a message. What it repeats of a client's (a type, an address, a
// name) comes behind a colon or with a slash, and so does all that follows: that teaches nothing.
std::size_t findOwn(std::string_view message, std::string_view words) {
  const auto at = message.find(words);
  const auto before = message.substr(0, at);
  const bool isOwn = before.find_first_of(":/{") == std::string_view::npos;
  return isOwn ? at : std::string_view::npos;
}

std::string withoutMessageName(std::string_view field) {
  for (const auto name : kMessageNames) {
    if (field.starts_with(name)) return std::string(field.substr(name.size()));
  }
  return std::string(field);
}

// What stands between `opening`, where Google says it, and the next `closing`.
std::string_view quoted(std::string_view text, std::string_view opening, char closing) {
  const auto at = findOwn(text, opening);
  if (at == std::string_view::npos) return {};
  const auto rest = text.substr(at + opening.size());
  const auto end = rest.find(closing);
  return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

// The path behind "GenerateContentRequest.".
std::string pathInMessage(std::string_view message) {
  for (const auto name : kMessageNames) {
    const auto at = findOwn(message, name);
    if (at == std::string_view::npos) continue;
    const auto rest = message.substr(at + name.size());
    const auto end = std::ranges::find_if_not(rest, isPathCharacter);
    return std::string(rest.begin(), end);
  }
  return {};
}

// "Unknown name \"foo\" at 'generation_config'" and, for the top level, without the place.
std::string unknownField(std::string_view message) {
  const auto name = quoted(message, "Unknown name \"", '"');
  if (name.empty()) return {};
  const auto place = quoted(message, "\" at '", '\'');
  return place.empty() ? std::string(name) : std::string(place).append(".").append(name);
}

// "Unable to submit request because `function_response.parts` is not supported for this model."
std::string unsupportedField(std::string_view message) {
  constexpr std::string_view kBegin = "request because `";
  const auto name = quoted(message, kBegin, '`');
  const bool isUnsupported =
      !name.empty() && message.substr(message.find(kBegin) + kBegin.size() + name.size())
                           .starts_with("` is not supported");
  return isUnsupported ? std::string(name) : std::string();
}

std::string fieldOf(const ErrorBody& body) {
  for (const auto& violation : body.fields) {
    if (!violation.field.empty()) return withoutMessageName(violation.field);
  }
  if (const auto place = quoted(body.message, "Invalid value at '", '\''); !place.empty()) {
    return withoutMessageName(place);
  }
  if (auto name = unsupportedField(body.message); !name.empty()) return name;
  const auto path = pathInMessage(body.message);
  return path.empty() ? body.param : path;
}

// "contents[1].parts[0].thought_signature" → "contents.parts.thoughtsignature".
std::string normalised(std::string_view field) {
  std::string path;
  bool inIndex = false;
  for (const char c : toLower(field)) {
    if (c == '[') inIndex = true;
    if (!inIndex && c != '_') path += c;
    if (c == ']') inIndex = false;
  }
  return path;
}

// At the path or below it. A tool's schema may be named in either form.
bool isAt(std::string_view field, std::string_view path) {
  return field.starts_with(path) && (field.size() == path.size() || field[path.size()] == '.' ||
                                     field.substr(path.size()).starts_with("jsonschema"));
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

// "… choose a value between 512 and 24576", "… range is from 1 (inclusive) to 65537 (exclusive)".
std::optional<Range> rangeIn(std::string_view words) {
  auto at = words.find("between ");
  if (at == std::string_view::npos) at = words.find("range");
  if (at == std::string_view::npos) return std::nullopt;
  const auto numbers = numbersIn(words.substr(at));
  if (numbers.size() < 2) return std::nullopt;
  const bool isExclusive = words.find("(exclusive)") != std::string_view::npos;
  const Range range{numbers[0], isExclusive ? numbers[1] - 1 : numbers[1]};
  if (range.least < 0 || range.most < 1 || range.least > range.most) return std::nullopt;
  return range;
}

bool contains(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

bool hasRange(Feature feature) { return feature == ThinkingBudget || feature == OutputLength; }

RefusedFeature refusedAt(Feature feature, std::string_view words) {
  RefusedFeature refused{feature, std::nullopt, Extent::Whole};
  if (hasRange(feature)) refused.range = rangeIn(words);
  // A value that is refused at its field, and not the field itself.
  const bool isUnsupported = contains(words, "not supported") || contains(words, "unknown name");
  if (!isUnsupported && (feature == ThinkingLevel || feature == ThinkingBudget)) {
    refused.extent = Extent::OneValue;
  }
  return refused;
}

std::optional<RefusedFeature> featureAt(std::string_view field, std::string_view words) {
  const auto path = normalised(field);
  const auto known =
      std::ranges::find_if(kFields, [&](const FieldOf& each) { return isAt(path, each.path); });
  if (known == kFields.end()) return std::nullopt;
  return refusedAt(known->feature, words);
}

bool isSchemaValue(std::string_view words) {
  constexpr std::string_view kBegin = "value for ";
  const auto at = words.find(kBegin);
  if (at == std::string_view::npos) return false;
  const auto rest = words.substr(at + kBegin.size());
  const auto keyword = rest.substr(0, rest.find(' '));
  return !keyword.empty() && rest.substr(keyword.size()).starts_with(" at ");
}

bool isSaid(const Phrase& phrase, std::string_view words) {
  if (phrase.words == kSchemaValue) return isSchemaValue(words);
  // What is found out about a setting may be held against the model.
  return isSetting(phrase.feature) ? findOwn(words, phrase.words) != std::string_view::npos
                                   : contains(words, phrase.words);
}

const Phrase* phraseIn(std::string_view words) {
  const auto known =
      std::ranges::find_if(kPhrases, [&](const Phrase& each) { return isSaid(each, words); });
  return known == kPhrases.end() ? nullptr : &*known;
}

std::string fieldInWords(std::string_view words) {
  const auto known = std::ranges::find_if(kFieldWords, [&](const FieldWords& each) {
    return findOwn(words, each.words) != std::string_view::npos;
  });
  return known == kFieldWords.end() ? std::string() : std::string(known->field);
}

// Fault or not, a request that is too long names no field that could be mended.
bool isTooLong(std::string_view words) {
  return contains(words, "exceeds the maximum number of tokens") ||
         contains(words, "input token count") || contains(words, "input is too long");
}

std::string ownReason(const ErrorBody& body) {
  if (!body.reason.empty()) return toLower(body.reason);
  return body.status.empty() ? "invalid_argument" : toLower(body.status);
}

std::string_view reasonOf(Feature feature) {
  return feature == ThoughtSignatures ? "thought_signature" : "field_refused";
}

}  // namespace

RequestFault readRequestFault(const ErrorBody& body) {
  std::string words = body.words;
  for (const auto& violation : body.fields) words += " " + ownWords(violation.description);
  if (isTooLong(words)) return {"context_length_exceeded", "contents", std::nullopt};

  if (auto unknown = unknownField(body.message); !unknown.empty()) {
    auto feature = featureAt(unknown, words);
    return {"unknown_field", std::move(unknown), std::move(feature)};
  }
  auto field = fieldOf(body);
  if (auto feature = featureAt(field, words)) {
    const auto reason = reasonOf(feature->feature);
    return {std::string(reason), std::move(field), std::move(feature)};
  }
  if (field.empty()) {
    if (const auto* phrase = phraseIn(words)) {
      RefusedFeature refused{phrase->feature, std::nullopt, phrase->extent};
      if (hasRange(phrase->feature)) refused.range = rangeIn(words);
      return {std::string(reasonOf(phrase->feature)), std::string(phrase->field), refused};
    }
  }
  if (field.empty()) field = fieldInWords(words);
  return {ownReason(body), std::move(field), std::nullopt};
}

}  // namespace rondo::google
