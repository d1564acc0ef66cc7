#include "google/answer.h"

#include <algorithm>
#include <utility>

#include "google/answer_sources.h"

namespace rondo::google {
namespace {

std::int64_t count(json::Node object, std::string_view key) {
  return object.find(key).integer().value_or(0);
}

// A count of tokens; what no model can have counted is moved to where sums of it stay whole.
std::int64_t tokens(json::Node object, std::string_view key) {
  constexpr std::int64_t kMost = 1'000'000'000'000;
  return std::clamp<std::int64_t>(count(object, key), 0, kMost);
}

FunctionCallPart readCall(json::Node call) {
  const json::Node args = call.find("args");
  return {call.find("id").string(), call.find("name").string(),
          args.isObject() ? json::dump(args.value()) : "{}"};
}

// "1.250s" → 1.25
std::optional<double> seconds(json::Node duration) {
  const std::string text = duration.string();
  constexpr std::size_t kLongest = 24;
  if (text.size() < 2 || text.size() > kLongest || !text.ends_with('s')) return std::nullopt;
  double value = 0;
  double place = 0;  // Of the next decimal; 0 before the point.
  for (const char c : std::string_view(text).substr(0, text.size() - 1)) {
    const bool isPoint = c == '.' && place == 0;
    if (!isPoint && (c < '0' || c > '9')) return std::nullopt;
    if (isPoint) {
      place = 0.1;
    } else if (place == 0) {
      value = value * 10 + (c - '0');
    } else {
      value += (c - '0') * place;
      place /= 10;
    }
  }
  return value;
}

TranscriptPart readTranscript(json::Node source, json::Node text) {
  TranscriptPart transcript;
  transcript.text = source.find("text").string();
  if (transcript.text.empty()) transcript.text = text.string();
  transcript.speaker = source.find("speakerLabel").string();
  transcript.language = source.find("languageCode").string();
  for (const json::Node word : source.find("words").elements()) {
    if (transcript.words.size() == kMaxWords) break;
    transcript.words.push_back({word.find("word").string(), seconds(word.find("startOffset")),
                                seconds(word.find("endOffset"))});
  }
  return transcript;
}

Part readPart(json::Node source) {
  Part part;
  part.isThought = source.find("thought").boolean().value_or(false);
  part.signature = source.find("thoughtSignature").string();
  if (const json::Node heard = source.find("audioTranscription"); heard.isObject()) {
    part.data = readTranscript(heard, source.find("text"));
  } else if (const json::Node text = source.find("text"); text.isString()) {
    part.data = TextPart{text.text()};
  } else if (const json::Node call = source.find("functionCall")) {
    part.data = readCall(call);
  } else if (const json::Node data = source.find("inlineData")) {
    part.data = InlineDataPart{data.find("mimeType").string(), data.find("data").string()};
  } else if (const json::Node file = source.find("fileData")) {
    part.data = FileDataPart{file.find("mimeType").string(), file.find("fileUri").string()};
  } else if (const json::Node code = source.find("executableCode")) {
    part.data = ExecutableCodePart{code.find("language").string(), code.find("code").string()};
  } else if (source.find("toolCall") || source.find("toolResponse")) {
    HostedToolPart hosted;
    source.appendTo(hosted.json);
    part.data = std::move(hosted);
  } else if (const json::Node result = source.find("codeExecutionResult")) {
    part.data = CodeResultPart{result.find("outcome").string(), result.find("output").string()};
  }
  return part;
}

// Nothing when it has parts beyond the bound, or a number that it can't have.
std::optional<Candidate> readCandidate(json::Node source) {
  Candidate candidate;
  const std::int64_t index = count(source, "index");
  if (index < 0 || index >= static_cast<std::int64_t>(kMaxCandidates)) return std::nullopt;
  candidate.index = static_cast<int>(index);
  candidate.finishReason = source.find("finishReason").string();
  if (candidate.finishReason == "FINISH_REASON_UNSPECIFIED") candidate.finishReason.clear();
  candidate.finishMessage = source.find("finishMessage").string();
  for (const json::Node part : source.find("content").find("parts").elements()) {
    if (candidate.parts.size() == kMaxParts) return std::nullopt;
    candidate.parts.push_back(readPart(part));
  }
  candidate.citations = readCitations(source);
  candidate.grounding = readGrounding(source);
  candidate.scores = readScores(source);
  candidate.searches = readSearches(source);
  return candidate;
}

std::int64_t tokensOf(std::string_view modality, json::Node usage, std::string_view key) {
  std::int64_t sum = 0;
  for (const json::Node detail : usage.find(key).elements()) {
    if (detail.find("modality").text() == modality) sum += tokens(detail, "tokenCount");
  }
  return sum;
}

Usage usageOf(json::Node source) {
  Usage usage;
  usage.prompt = tokens(source, "promptTokenCount");
  usage.cached = tokens(source, "cachedContentTokenCount");
  usage.candidates = tokens(source, "candidatesTokenCount");
  usage.thoughts = tokens(source, "thoughtsTokenCount");
  usage.toolUsePrompt = tokens(source, "toolUsePromptTokenCount");
  usage.total = tokens(source, "totalTokenCount");
  usage.promptAudio = tokensOf("AUDIO", source, "promptTokensDetails");
  usage.candidatesAudio = tokensOf("AUDIO", source, "candidatesTokensDetails");
  usage.promptImage = tokensOf("IMAGE", source, "promptTokensDetails");
  return usage;
}

}  // namespace

Usage readUsage(std::string_view json) {
  json::Document document;
  return document.tryRead(json) ? usageOf(document.root()) : Usage();
}

std::variant<Answer, ErrorText, Excessive> readAnswer(json::Node document) {
  if (const json::Node error = document.find("error")) {
    std::string text = R"({"error":)";
    text.append(json::dump(error.value())).append("}");
    return ErrorText{std::move(text), error.find("status").string()};
  }
  Answer answer;
  std::size_t parts = 0;
  std::size_t cited = 0;
  for (const json::Node candidate : document.find("candidates").elements()) {
    auto read = readCandidate(candidate);
    if (!read || answer.candidates.size() == kMaxCandidates) return Excessive();
    parts += read->parts.size();
    if (parts > kMaxParts) return Excessive();
    cited += read->citations.size() + read->grounding.size();
    if (cited > 2 * kMaxCitations) read->citations = read->grounding = {};
    answer.candidates.push_back(std::move(*read));
  }
  if (const json::Node feedback = document.find("promptFeedback")) {
    answer.blockReason = feedback.find("blockReason").string();
    if (answer.blockReason.ends_with("REASON_UNSPECIFIED")) answer.blockReason.clear();
  }
  if (const json::Node usage = document.find("usageMetadata"); usage.isObject()) {
    answer.usage = usageOf(usage);
  }
  return answer;
}

Answer answerOf(const TextEvent& event) {
  Answer answer;
  Candidate& candidate = answer.candidates.emplace_back();
  candidate.parts.push_back({TextPart{event.text}, event.isThought, {}});
  if (!event.usage.empty()) answer.usage = readUsage(event.usage);
  return answer;
}

}  // namespace rondo::google
