#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "json/document.h"
#include "json/text.h"
#include "json/value.h"

// The body of `POST /v1/chat/completions` as a value. Field names and types are those of OpenAI's
// API reference (platform.openai.com/docs/api-reference/chat); what other clients of the same
// endpoint are known to add is named where it is read.

namespace rondo::openai {

// --- Messages ---

struct TextPart {
  json::Text text;
};

struct RefusalPart {
  json::Text text;
};

enum class ImageDetail { Auto, Low, High };

struct ImagePart {
  json::PlainText url;    // data:, http(s): or gs:; bare base64 when there is a `mediaType`
  std::string mediaType;  // Of Anthropic's base64 sources.
  ImageDetail detail = ImageDetail::Auto;
  std::string signature;  // Of an image that an assistant made.
  std::string path;       // The request's field, for errors about what is in it.
};

struct AudioPart {
  json::PlainText data;  // base64
  std::string format;    // "wav", "mp3" …
  std::string path;
};

struct FilePart {
  json::PlainText data;   // data URL or bare base64
  std::string mediaType;  // Of Anthropic's base64 sources.
  std::string id;
  std::string name;
  std::string path;
};

struct VideoPart {
  json::PlainText url;
  std::string path;
};

using ContentPart = std::variant<TextPart, RefusalPart, ImagePart, AudioPart, FilePart, VideoPart>;

enum class ToolKind { Function, Custom };

struct ToolCall {
  std::string id;  // Empty for a legacy function_call.
  std::string name;
  std::string arguments;  // As the client sent it: meant to be JSON, perhaps empty or broken. The
                          // free text of a custom call.
  ToolKind kind = ToolKind::Function;
  std::string signature;  // Google's thought signature, from whichever field carried it.
};

// `developer` counts as System, `function` as Tool.
enum class Role { System, User, Assistant, Tool };

// The tool failed, as Anthropic's `is_error` tells.
enum class ToolOutcome { Ok, Failed };

struct Message {
  Role role = Role::User;
  std::vector<ContentPart> content;
  std::vector<ToolCall> toolCalls;  // Assistant only.
  std::string toolCallId;           // Tool only; empty for the legacy `function` role.
  std::string name;                 // The function's name of a legacy `function` message.
  ToolOutcome outcome = ToolOutcome::Ok;
  std::string signature;  // Of an assistant's text.
  std::size_t index = 0;  // Its place in the client's `messages`, for error paths.
};

// --- Tools ---

struct Tool {
  ToolKind kind = ToolKind::Function;
  std::string name;
  std::string description;
  std::optional<json::Value> parameters;  // A JSON Schema, untouched. An object or absent.
  std::size_t index = 0;                  // Its place in the client's `tools`.
};

enum class ToolMode { Auto, None, Required };

struct ToolChoice {
  std::optional<ToolMode> mode;      // Absent when the client chose nothing.
  std::vector<std::string> allowed;  // Only these names, when not empty.
};

// --- Settings ---

enum class ResponseKind { Text, JsonObject, JsonSchema };

struct ResponseFormat {
  ResponseKind kind = ResponseKind::Text;
  std::optional<json::Value> schema;
};

enum class ReasoningEffort { None, Minimal, Low, Medium, High, XHigh };

// "max" is the same as "xhigh". Nothing for a word that isn't an effort.
std::optional<ReasoningEffort> parseEffort(std::string_view word);

// What Google's own compatibility layer takes under `extra_body.google`, `google`, or `extra_body`
// merged into the top level.
struct GoogleExtras {
  std::optional<std::string> thinkingLevel;
  std::optional<std::int64_t> thinkingBudget;
  std::optional<bool> includeThoughts;
  std::string cachedContent;
  std::optional<json::Value> safetySettings;
};

enum class Modality { Text, Image, Audio };

enum class Streaming { Off, On };

// How the client wants to see calls: `tools` or the older `functions`.
enum class CallStyle { Tools, Functions };

struct ChatRequest {
  std::string model;              // As sent; not empty.
  std::vector<Message> messages;  // Not empty.

  Streaming stream = Streaming::Off;
  bool includeUsage = false;  // stream_options.include_usage

  std::optional<std::int64_t> maxTokens;      // max_completion_tokens, else max_tokens
  std::string maxTokensField = "max_tokens";  // Whichever it was.
  std::optional<double> temperature;
  std::optional<double> topP;
  std::optional<double> presencePenalty;
  std::optional<double> frequencyPenalty;
  std::optional<std::int64_t> n;
  std::optional<std::int64_t> seed;
  std::vector<std::string> stop;
  bool logprobs = false;
  std::optional<std::int64_t> topLogprobs;

  std::vector<Tool> tools;
  ToolChoice toolChoice;
  bool parallelToolCalls = true;
  CallStyle callStyle = CallStyle::Tools;
  bool webSearch = false;  // web_search_options

  ResponseFormat responseFormat;
  std::optional<ReasoningEffort> reasoningEffort;
  GoogleExtras google;
  std::vector<Modality> modalities;  // Empty when the client named none.

  std::string serviceTier;
  std::string promptCacheKey;
  std::string user;
};

// Reads the body of a request. The texts of its messages and its media are borrowed from `body`,
// which must outlive the request. An absent field and null are the same; unknown fields are
// ignored. BadRequest, with the path of the field as `param`, for whatever OpenAI would refuse by
// type or by value: no JSON, no object, no `model`, no or empty `messages`, an unknown role, a
// wrong type.
Result<ChatRequest> parseChatRequest(std::string_view body);

}  // namespace rondo::openai
