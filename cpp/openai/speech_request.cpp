#include "openai/speech_request.h"

#include <string>

#include "openai/request_parts.h"

namespace rondo::openai {
namespace {

// OpenAI's default is MP3, which clients write out without having chosen it: they take what the
// answer says that it is.
void readEncoding(FieldReader& body, SpeechRequest& speech, Faults& faults) {
  const std::string format = body.string("response_format");
  if (format.empty() || format == "mp3") {
    speech.request.adjusted.emplace_back("response_format");
  } else if (format == "pcm") {
    speech.encoding = SpeechEncoding::Pcm;
  } else if (format == "opus" || format == "aac" || format == "flac") {
    faults.report(badRequest("The models speak no '" + format + "'. Ask for 'wav' or 'pcm'.",
                             body.at("response_format").text(), "unsupported_value"));
  } else if (format != "wav") {
    faults.unknownValue(body.at("response_format"), format, {"wav", "pcm"});
  }
}

void readDelivery(FieldReader& body, SpeechRequest& speech, Faults& faults) {
  const std::string format = body.string("stream_format");
  if (format.empty()) return;
  if (format == "sse") {
    speech.delivery = SpeechDelivery::Events;
  } else if (format == "audio") {
    speech.delivery = SpeechDelivery::Bytes;
  } else {
    faults.unknownValue(body.at("stream_format"), format, {"sse", "audio"});
  }
  speech.request.stream = conversation::Streaming::On;
}

}  // namespace

Result<SpeechRequest> parseSpeechRequest(std::string_view text) {
  json::Document document;
  if (auto read = document.read(text); !read) return fail(read.error());
  Faults faults;
  const Path root;
  FieldReader body(document.root(), root, faults);
  if (faults.any()) return fail(faults.first());
  SpeechRequest speech;
  speech.request.body = text;
  speech.request.model = body.requiredString("model");
  const json::Text input = body.requiredText("input");
  conversation::SpeechOrder& order = speech.request.speech.emplace();
  order.voice = readVoice(body, faults);
  order.style = body.string("instructions");
  readEncoding(body, speech, faults);
  readDelivery(body, speech, faults);
  const auto speed = body.number("speed", 0.25, 4);
  if (speed && *speed != 1) speech.request.adjusted.emplace_back("speed");
  if (faults.any()) return fail(faults.first());
  speech.request.turns.push_back({conversation::Role::User, {conversation::TextPart{input}}});
  return speech;
}

}  // namespace rondo::openai
