#include "google/answer.h"

#include <algorithm>
#include <utility>

#include "google/answer_sources.h"

namespace rondo::google {
namespace {

json::Value* member(json::Value& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string takeString(json::Value& object, std::string_view key) {
  json::Value* value = member(object, key);
  return value && value->is_string() ? std::move(value->get_ref<std::string&>()) : std::string();
}

std::int64_t count(const json::Value& object, std::string_view key) {
  return json::findInteger(object, key).value_or(0);
}

// A count of tokens; what no model can have counted is moved to where sums of it stay whole.
std::int64_t tokens(const json::Value& object, std::string_view key) {
  constexpr std::int64_t kMost = 1'000'000'000'000;
  return std::clamp<std::int64_t>(count(object, key), 0, kMost);
}

FunctionCallPart readCall(json::Value& call) {
  const json::Value* args = json::findObject(call, "args");
  return {takeString(call, "id"), takeString(call, "name"), args ? json::dump(*args) : "{}"};
}

Part readPart(json::Value& source) {
  Part part;
  part.isThought = json::findBool(source, "thought").value_or(false);
  part.signature = takeString(source, "thoughtSignature");
  if (json::Value* text = member(source, "text"); text && text->is_string()) {
    part.data = TextPart{takeString(source, "text")};
  } else if (json::Value* call = member(source, "functionCall")) {
    part.data = readCall(*call);
  } else if (json::Value* data = member(source, "inlineData")) {
    part.data = InlineDataPart{takeString(*data, "mimeType"), takeString(*data, "data")};
  } else if (json::Value* file = member(source, "fileData")) {
    part.data = FileDataPart{takeString(*file, "mimeType"), takeString(*file, "fileUri")};
  } else if (json::Value* code = member(source, "executableCode")) {
    part.data = ExecutableCodePart{takeString(*code, "language"), takeString(*code, "code")};
  } else if (json::Value* result = member(source, "codeExecutionResult")) {
    part.data = CodeResultPart{takeString(*result, "outcome"), takeString(*result, "output")};
  }
  return part;
}

Candidate readCandidate(json::Value& source) {
  Candidate candidate;
  candidate.index = static_cast<int>(count(source, "index") & 0x7FFF);
  candidate.finishReason = takeString(source, "finishReason");
  if (candidate.finishReason == "FINISH_REASON_UNSPECIFIED") candidate.finishReason.clear();
  candidate.finishMessage = takeString(source, "finishMessage");
  if (json::Value* content = member(source, "content")) {
    json::Value* parts = member(*content, "parts");
    if (parts && parts->is_array()) {
      candidate.parts.reserve(parts->size());
      for (json::Value& part : *parts) candidate.parts.push_back(readPart(part));
    }
  }
  candidate.citations = readCitations(source);
  candidate.grounding = readGrounding(source);
  candidate.scores = readScores(source);
  return candidate;
}

std::int64_t audioTokens(const json::Value& usage, std::string_view key) {
  const json::Value* details = json::findArray(usage, key);
  std::int64_t sum = 0;
  if (!details) return sum;
  for (const json::Value& detail : *details) {
    if (json::findString(detail, "modality") == "AUDIO") sum += tokens(detail, "tokenCount");
  }
  return sum;
}

Usage readUsage(const json::Value& source) {
  Usage usage;
  usage.prompt = tokens(source, "promptTokenCount");
  usage.cached = tokens(source, "cachedContentTokenCount");
  usage.candidates = tokens(source, "candidatesTokenCount");
  usage.thoughts = tokens(source, "thoughtsTokenCount");
  usage.toolUsePrompt = tokens(source, "toolUsePromptTokenCount");
  usage.total = tokens(source, "totalTokenCount");
  usage.promptAudio = audioTokens(source, "promptTokensDetails");
  usage.candidatesAudio = audioTokens(source, "candidatesTokensDetails");
  return usage;
}

}  // namespace

std::variant<Answer, ErrorText> readAnswer(json::Value document) {
  if (const json::Value* error = json::find(document, "error")) {
    std::string text = R"({"error":)";
    text.append(json::dump(*error)).append("}");
    return ErrorText{std::move(text), std::string(json::findString(*error, "status").value_or(""))};
  }
  Answer answer;
  if (json::Value* candidates = member(document, "candidates");
      candidates && candidates->is_array()) {
    answer.candidates.reserve(candidates->size());
    for (json::Value& candidate : *candidates) {
      answer.candidates.push_back(readCandidate(candidate));
    }
  }
  if (json::Value* feedback = member(document, "promptFeedback")) {
    answer.blockReason = takeString(*feedback, "blockReason");
    if (answer.blockReason.ends_with("REASON_UNSPECIFIED")) answer.blockReason.clear();
    answer.blockMessage = takeString(*feedback, "blockReasonMessage");
  }
  if (const json::Value* usage = json::findObject(document, "usageMetadata")) {
    answer.usage = readUsage(*usage);
  }
  answer.responseId = takeString(document, "responseId");
  answer.modelVersion = takeString(document, "modelVersion");
  return answer;
}

}  // namespace rondo::google
