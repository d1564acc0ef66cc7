#include <algorithm>
#include <utility>

#include "openai/chat_request_parts.h"

namespace rondo::openai {
namespace {

using conversation::Modality;
using conversation::ResponseFormat;
using conversation::ResponseKind;

void readJsonSchema(FieldReader& format, ResponseFormat& result, Faults& faults) {
  const json::Node holder = format.any("json_schema");
  const Path path = format.at("json_schema");
  if (!holder) {
    faults.missing(path);
    return;
  }
  FieldReader fields(holder, path, faults);
  result.schema = fields.ownObject("schema");
}

ResponseFormat readResponseFormat(FieldReader& body, Faults& faults) {
  ResponseFormat result;
  const json::Node holder = body.any("response_format");
  const Path path = body.at("response_format");
  if (!holder) return result;
  FieldReader format(holder, path, faults);
  const std::string type = format.requiredString("type");
  if (type == "json_object") {
    result.kind = ResponseKind::JsonObject;
    // instructor's JSON_SCHEMA mode puts one here.
    result.schema = format.ownObject("schema");
  } else if (type == "json_schema") {
    result.kind = ResponseKind::JsonSchema;
    readJsonSchema(format, result, faults);
  } else if (type != "text") {
    faults.unknownValue(format.at("type"), type, {"text", "json_object", "json_schema"});
  }
  return result;
}

std::vector<Modality> readModalities(FieldReader& body, Faults& faults) {
  std::vector<Modality> result;
  const Path path = body.at("modalities");
  const json::Node words = body.array("modalities");
  for (std::size_t i = 0; const json::Node entry : words.elements()) {
    const Path place(path, i++);
    const std::string word = entry.string();
    if (!entry.isString()) {
      faults.wrongType(place, "a string", entry);
    } else if (word == "text") {
      result.push_back(Modality::Text);
    } else if (word == "image") {
      result.push_back(Modality::Image);
    } else if (word == "audio") {
      result.push_back(Modality::Audio);
    } else {
      faults.unknownValue(place, word, {"text", "image", "audio"});
    }
  }
  return result;
}

ChatSound readSound(FieldReader& audio, Faults& faults) {
  const std::string format = audio.requiredString("format");
  if (format == "wav") return ChatSound::Wav;
  if (format == "pcm16") return ChatSound::Pcm16;
  if (format == "mp3" || format == "flac" || format == "opus" || format == "aac") {
    faults.report(badRequest("The models speak no '" + format + "'. Ask for 'wav' or 'pcm16'.",
                             audio.at("format").text(), "unsupported_value"));
  } else if (!format.empty()) {
    faults.unknownValue(audio.at("format"), format, {"wav", "pcm16"});
  }
  return ChatSound::None;
}

// `modalities` with "audio" and how: without `audio` nobody can tell, and the answer is text.
void readAudio(FieldReader& body, ChatRequest& chat, Faults& faults) {
  const auto& modalities = chat.request.modalities;
  const json::Node holder = body.any("audio");
  if (!holder || std::ranges::find(modalities, Modality::Audio) == modalities.end()) return;
  const Path path = body.at("audio");
  FieldReader audio(holder, path, faults);
  chat.request.spoken.emplace().voice = readVoice(audio, faults);
  chat.style.sound = readSound(audio, faults);
  const bool isStream = chat.request.stream == conversation::Streaming::On;
  if (isStream && chat.style.sound == ChatSound::Wav) {
    faults.report(
        badRequest("A stream tells its sound in 'pcm16' alone, and 'audio.format' is "
                   "'wav'. Ask for 'pcm16', or not for a stream.",
                   audio.at("format").text(), "unsupported_value"));
  }
}

}  // namespace

void readOutputSettings(FieldReader& body, ChatRequest& chat, Faults& faults) {
  conversation::Request& request = chat.request;
  request.responseFormat = readResponseFormat(body, faults);
  request.thinking.effort = readEffort(body, "reasoning_effort", faults);
  request.modalities = readModalities(body, faults);
  readAudio(body, chat, faults);
  readExtras(body, request, faults);
  if (request.thinking.budget) chat.style.thinking = "thinking_budget";
}

}  // namespace rondo::openai
