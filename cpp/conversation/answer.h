#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "conversation/request.h"
#include "json/text.h"

// What a model answers: events, in the order in which Google spoke. A whole answer is the list of
// its events; a stream tells them as they come.

namespace rondo::conversation {

// More of the text, or of the thoughts.
struct TextPiece {
  json::TextBuilder text;
};
struct ThoughtPiece {
  json::TextBuilder text;
};

// Google's thought signature of the text so far.
struct Signature {
  std::string value;
};

// Its id is unique in the answer.
struct Call {
  std::string id;
  std::string name;
  std::string arguments;  // JSON, or the free text of a custom call.
  ToolKind kind = ToolKind::Function;
  ThoughtSignature signature = {};
};

struct Image {
  std::string url;  // data: or where it lies
  std::string signature;
};

// More of what is spoken.
struct Sound {
  std::string mediaType;  // "audio/L16;codec=pcm;rate=24000"
  std::string data;       // base64
};

// A stretch of the text so far, with the times of its words. Of transcripts with times alone.
struct Utterance {
  struct Word {
    std::string text;
    double start = 0;  // In seconds from the sound's beginning.
    double end = 0;
  };
  std::string text;
  std::string speaker;  // A label; may be empty.
  std::vector<Word> words;
  std::string language = {};  // As heard, such as "en-US"; may be empty.
};

// What a hosted tool did. Nothing of it is told when the request's HostedStyle is Inline.
struct WebSource {
  std::string url;
  std::string title;
};

struct WebSearch {
  std::vector<std::string> queries;
  std::vector<WebSource> sources;
};

struct CodeRun {
  std::string language;  // "python"
  std::string code;
};

// Of the last CodeRun.
struct CodeOutput {
  std::string text;
  ToolOutcome outcome = ToolOutcome::Ok;
};

// Where a stretch of the choice's text comes from.
struct Citation {
  std::int64_t start = 0;  // In Unicode code points of all its text pieces.
  std::int64_t end = 0;
  std::string url;
  std::string title;
};

// How sure the model was of a token of the text.
struct TokenScore {
  std::string token;
  double logprob = 0;
  std::vector<TokenScore> alternatives;
};

enum class FinishReason { Stop, Length, Calls, Filtered };

// The last event of a choice.
struct Finish {
  FinishReason reason = FinishReason::Stop;
};

// A call comes whole. A HostedPart stands where it was told: before
// what the WebSearch, CodeRun or CodeOutput right behind it says in other words, if there is one.
struct Event {
  int choice = 0;
  std::variant<TextPiece, ThoughtPiece, Signature, Call, Image, WebSearch, CodeRun, CodeOutput,
               HostedPart, Citation, TokenScore, Sound, Utterance, Finish>
      what;
};

// In tokens.
struct Usage {
  std::int64_t prompt = 0;      // With those that were cached.
  std::int64_t completion = 0;  // With those of thoughts.
  std::int64_t total = 0;
  std::int64_t cached = 0;
  std::int64_t reasoning = 0;
  std::int64_t promptAudio = 0;
  std::int64_t completionAudio = 0;
  std::int64_t promptImage = 0;
};

struct Answer {
  std::vector<Event> events;
  std::optional<Usage> usage;  // None when Google counted nothing.
};

}  // namespace rondo::conversation
