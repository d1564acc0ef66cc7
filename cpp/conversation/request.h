#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "conversation/signature.h"
#include "json/document.h"
#include "json/text.h"
#include "json/value.h"

// CONVERSATION: what a client asks of a model and what the model answers, in no dialect. Each
// dialect (openai/) reads its bodies into a Request and writes its answers from Events;
// translation/ knows this and Google alone. May use base, json and http. Begin here, then answer.h,
// dialect.h.

namespace rondo::conversation {

// Where a part stands in the client's body: its first byte. Request::pathTo spells it out, for
// errors alone.
struct Place {
  std::size_t offset = 0;

  Place() = default;
  explicit Place(json::Node node) : offset(node.offset()) {}
};

// --- Parts of a turn ---

struct TextPart {
  json::Text text;
  ThoughtSignature signature = {};  // Of a text that the model wrote.
};

struct RefusalPart {
  json::Text text;
};

// What the model thought aloud.
struct ThoughtPart {
  json::Text text;
  ThoughtSignature signature = {};  // Of the part behind it.
};

enum class ImageDetail { Auto, Low, High };

struct ImagePart {
  json::PlainText url;    // data:, http(s): or gs:; bare base64 when there is a `mediaType`
  std::string mediaType;  // Of base64 that is told apart from its type.
  ImageDetail detail = ImageDetail::Auto;
  ThoughtSignature signature;  // Of an image that the model made.
  Place place = {};
};

struct AudioPart {
  json::PlainText data;  // base64
  std::string format;    // "wav", "mp3" …
  Place place = {};
};

struct FilePart {
  json::PlainText data;   // data URL or bare base64
  std::string mediaType;  // Of base64 that is told apart from its type.
  std::string id;
  std::string name;
  Place place = {};
};

struct VideoPart {
  json::PlainText url;
  Place place = {};
};

// A file that a form brings as it is.
struct BytesPart {
  std::string_view bytes;  // Borrowed from the body.
  std::string mediaType;   // As the client told it; may be empty.
  std::string name;        // The file's own; may be empty.
  std::string param;       // The field that it came in.
  Place place = {};
};

using MediaPart = std::variant<ImagePart, AudioPart, FilePart, VideoPart, BytesPart>;

// What people and tools say.
using Content = std::variant<TextPart, RefusalPart, MediaPart>;

enum class ToolKind { Function, Custom };

// What a call was made with, as the client has it: a text that is meant to hold JSON, perhaps empty
// or broken, or is the free text of a custom call; or JSON in the place of such a text.
using Arguments = std::variant<json::Text, json::Fragment>;

struct CallPart {
  std::string id;  // Empty in dialects that know calls by their function alone.
  std::string name;
  Arguments arguments;
  ToolKind kind = ToolKind::Function;
  ThoughtSignature signature;  // From whichever field carried it.
  Place place = {};
};

enum class ToolOutcome { Ok, Failed };

struct CallResult {
  std::string callId;  // Empty where the call has none: then the function's name tells it.
  std::string name;
  std::vector<Content> content;
  ToolOutcome outcome = ToolOutcome::Ok;
  Place place = {};
};

// What the back-end's own tools did, one of its parts as it was told: goes back to it untouched,
// and to whom it came from alone.
struct HostedPart {
  std::string json;  // An object.
  SignatureOrigin origin = {};
};

using Part =
    std::variant<TextPart, RefusalPart, ThoughtPart, MediaPart, CallPart, CallResult, HostedPart>;

enum class Role { System, User, Assistant };

// What one says at once, in its order.
struct Turn {
  Role role = Role::User;
  std::vector<Part> parts;
};

Place placeOf(const MediaPart& medium);

// --- Tools ---

struct Tool {
  ToolKind kind = ToolKind::Function;
  std::string name;
  std::string description;
  std::optional<json::Value> parameters;  // A JSON Schema, untouched. An object or absent.
};

// Validated: a call or a text, and calls obey their schemas.
enum class ToolMode { Auto, None, Required, Validated };

struct ToolChoice {
  std::optional<ToolMode> mode;      // Absent when the client chose nothing.
  std::vector<std::string> allowed;  // Only these names, when not empty.
};

// Tools that the back-end runs by itself.
struct HostedTools {
  bool webSearch = false;
  bool codeExecution = false;

  bool any() const { return webSearch || codeExecution; }
};

// How a client's dialect tells what hosted tools did. Inline: code as fenced text, and nothing of
// searches but citations. Apart: as events of their own, whose HostedParts the client brings back.
enum class HostedStyle { Inline, Apart };

// How many calls an answer may have.
enum class CallLimit { One, Any };

// --- Settings ---

enum class ResponseKind { Text, JsonObject, JsonSchema };

struct ResponseFormat {
  ResponseKind kind = ResponseKind::Text;
  std::optional<json::Value> schema;
};

enum class Effort { None, Minimal, Low, Medium, High, XHigh };

// "max" is the same as "xhigh". Nothing for a word that isn't an effort.
std::optional<Effort> parseEffort(std::string_view word);

// What was asked for, in any of the ways to ask for it.
struct Thinking {
  std::optional<Effort> effort;
  std::optional<std::string> level;     // Google's word.
  std::optional<std::int64_t> budget;   // In tokens; -1 leaves it to the model.
  std::optional<bool> includeThoughts;  // In the answer.
};

enum class Modality { Text, Image, Audio };

// An image is asked for, and nothing else.
struct ImageOrder {
  struct Size {
    std::int64_t width = 0;  // In pixels.
    std::int64_t height = 0;
  };
  std::optional<Size> size;                 // None: the model chooses.
  std::string mediaType;                    // "image/png"; empty: any.
  std::optional<std::int64_t> compression;  // 0 to 100, of a JPEG.
};

// The texts of the turns are to be spoken, and nothing else.
struct SpeechOrder {
  std::string voice;  // As the client named it; empty: any.
  std::string style;  // How it is to be spoken; may be empty.
};

// The answer is to be spoken, with whatever the model says beside its sound.
struct SpokenAnswer {
  std::string voice;  // As the client named it; empty: any.
};

enum class TranscriptTask { Transcribe, TranslateToEnglish };
enum class TranscriptTimes { None, Words };

// What is said in the turns' media is to be written down, and nothing else.
struct TranscriptOrder {
  TranscriptTask task = TranscriptTask::Transcribe;
  TranscriptTimes times = TranscriptTimes::None;
  bool speakers = false;               // Who says what.
  std::vector<std::string> languages;  // Those that may be heard, as "en" or "en-US".
  std::vector<std::string> words;      // That may be heard.
  std::string hint;                    // Of style and contents; may be empty.
};

enum class Streaming { Off, On };

// Count: no answer is wanted, but how many tokens the request has.
enum class Purpose { Answer, Count };

// Settings by name, for errors: each dialect has a field for those it takes.
enum class Setting {
  MaxTokens,
  Temperature,
  TopP,
  TopK,
  PresencePenalty,
  FrequencyPenalty,
  Candidates,
  Seed,
  Stop,
  Logprobs,
  TopLogprobs,
  ResponseFormat,
  Modalities,
  Effort,
  ThinkingBudget,
  Messages,
  Tools,
  ToolChoice,
  SafetySettings,
  CachedContent,
  ServiceTier,
  Metadata,
  ImageSize,
  Voice,
  Transcript,
  Languages,
};

// --- The request ---

struct Request {
  // The body it was read from, which outlives it: texts and media borrow from it.
  std::string_view body;

  std::string model;        // As sent; not empty.
  std::vector<Turn> turns;  // Not empty.
  Streaming stream = Streaming::Off;
  Purpose purpose = Purpose::Answer;

  std::optional<std::int64_t> maxTokens;
  std::optional<double> temperature;
  std::optional<double> topP;
  std::optional<std::int64_t> topK;
  std::optional<double> presencePenalty;
  std::optional<double> frequencyPenalty;
  std::optional<std::int64_t> candidates;
  std::optional<std::int64_t> seed;
  std::vector<std::string> stop;
  bool logprobs = false;
  std::optional<std::int64_t> topLogprobs;

  std::vector<Tool> tools;
  ToolChoice toolChoice;
  CallLimit calls = CallLimit::Any;
  HostedTools hosted;
  HostedStyle hostedStyle = HostedStyle::Inline;
  bool webSearch = false;

  ResponseFormat responseFormat;
  Thinking thinking;
  std::vector<Modality> modalities;  // Empty when the client named none.
  // A tool that makes images, and so wants a model that makes some.
  std::optional<Place> imageTool = {};

  // At most one of them is there.
  std::optional<ImageOrder> image;
  std::optional<SpeechOrder> speech;
  std::optional<TranscriptOrder> transcript;

  std::optional<SpokenAnswer> spoken;

  std::string cachedContent;
  std::optional<json::Value> safetySettings;
  std::string serviceTier;

  // What tells the conversations of a client apart, and its users; each may be empty.
  std::string conversationKey;
  std::string user;

  // What the dialect's reader left out, one word each, for `x-rondo-adjusted`.
  std::vector<std::string> adjusted;

  // A text that the body doesn't hold, as one that a part may borrow.
  json::Text own(std::string_view plain);

  // The client's own path, "messages[2].content[0].image_url.url".
  std::string pathTo(Place place) const;
  // The same of a medium.
  std::string paramOf(const MediaPart& medium) const;

  std::deque<json::TextBuilder> owned = {};  // Behind `own`.
};

}  // namespace rondo::conversation
