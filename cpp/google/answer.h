#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "google/text_event.h"
#include "json/document.h"
#include "json/text.h"

// A GenerateContentResponse as a value (ai.google.dev/api/generate-content). In a stream each event
// is a whole one that holds only what is new. Every field may be missing.

namespace rondo::google {

struct TextPart {
  json::Text text;  // Borrowed from the document.
};

// What a model that transcribes has heard: a whole turn of one speaker.
struct TranscriptPart {
  struct Word {
    std::string text;
    std::optional<double> start;  // In seconds.
    std::optional<double> end;
  };
  std::string text;
  std::string speaker;  // "spk_1"; may be empty.
  std::vector<Word> words;
  std::string language = {};  // "en-US"; may be empty.
};

struct FunctionCallPart {
  std::string id;
  std::string name;
  std::string args;  // JSON text of an object; "{}" when there is none.
};

struct InlineDataPart {
  std::string mimeType;
  std::string data;  // base64
};

struct FileDataPart {
  std::string mimeType;
  std::string uri;
};

struct ExecutableCodePart {
  std::string language;
  std::string code;
};

struct CodeResultPart {
  std::string outcome;  // "OUTCOME_OK" …
  std::string output;
};

// A call of one of Google's own tools, or what it brought: the whole part as it was told.
struct HostedToolPart {
  std::string json;
};

// A part of a kind unknown here, or one with nothing in it.
struct OtherPart {};

struct Part {
  std::variant<OtherPart, TextPart, FunctionCallPart, InlineDataPart, FileDataPart,
               ExecutableCodePart, CodeResultPart, HostedToolPart, TranscriptPart>
      data;
  bool isThought = false;
  std::string signature;
};

// A stretch of the candidate's text that comes from somewhere. Offsets count UTF-8 bytes; those of
// grounding count within the part of index `part`, those of citations within the whole text.
struct Citation {
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::optional<std::int64_t> part;
  std::string uri;
  std::string title;
};

struct TokenScore {
  std::string token;
  double logProbability = 0;
  std::vector<TokenScore> alternatives;
};

// What Google searched for, and found, for a candidate.
struct WebSource {
  std::string uri;
  std::string title;
};

struct Searches {
  std::vector<std::string> queries;
  std::vector<WebSource> sources;
};

struct Candidate {
  int index = 0;
  std::vector<Part> parts;
  std::string finishReason;  // Google's word, an open set; empty while unfinished.
  std::string finishMessage;
  std::vector<Citation> citations;  // citationMetadata
  std::vector<Citation> grounding;  // groundingMetadata, one for each supported stretch and source
  std::vector<TokenScore> scores;   // logprobsResult
  Searches searches;                // groundingMetadata
};

struct Usage {
  std::int64_t prompt = 0;  // Includes `cached`.
  std::int64_t cached = 0;
  std::int64_t candidates = 0;  // Without `thoughts`.
  std::int64_t thoughts = 0;
  std::int64_t toolUsePrompt = 0;
  std::int64_t total = 0;
  std::int64_t promptAudio = 0;
  std::int64_t candidatesAudio = 0;
  std::int64_t promptImage = 0;
};

struct Answer {
  std::vector<Candidate> candidates;
  std::string blockReason;  // Not empty: the prompt was refused and there is no candidate.
  std::optional<Usage> usage;
};

// Google's error object in place of an answer: the JSON text of {"error":{…}}, for `classify`.
struct ErrorText {
  std::string json;
  std::string status;  // "UNAVAILABLE" …, empty when it tells none.
};

// An answer that says more than a model can have said.
struct Excessive {};

// Candidates are numbered from 0 on. OpenAI's clients can't ask for more of them.
inline constexpr std::size_t kMaxCandidates = 128;
// Of one event.
inline constexpr std::size_t kMaxParts = 10'000;
// Of one part: some hours of speech.
inline constexpr std::size_t kMaxWords = 100'000;

// What a usageMetadata tells, from its text.
Usage readUsage(std::string_view json);

// Anything that is not what it should be counts as absent. Excessive beyond the bounds above.
std::variant<Answer, ErrorText, Excessive> readAnswer(json::Node document);

// The same as the long way would have read.
Answer answerOf(const TextEvent& event);

}  // namespace rondo::google
