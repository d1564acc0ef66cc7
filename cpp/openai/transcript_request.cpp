#include "openai/transcript_request.h"

#include <utility>

#include "openai/form.h"
#include "openai/request_parts.h"

namespace rondo::openai {
namespace {

using conversation::BytesPart;
using conversation::TranscriptOrder;
using conversation::TranscriptTask;
using conversation::TranscriptTimes;

std::vector<std::string> readStrings(FieldReader& body, std::string_view key, Faults& faults) {
  // Google takes as many phrases.
  constexpr std::size_t kMaxPhrases = 1000;
  std::vector<std::string> texts;
  const Path path = body.at(key);
  for (std::size_t i = 0; const json::Node each : body.array(key, kMaxPhrases).elements()) {
    if (!each.isString()) faults.wrongType(Path(path, i), "a string", each);
    if (each.text().empty()) continue;
    texts.push_back(each.string());
    ++i;
  }
  return texts;
}

void readForm(FieldReader& body, TranscriptStyle& style, Faults& faults) {
  const std::string form = body.string("response_format");
  if (form.empty() || form == "json") return;
  if (form == "text") {
    style.form = TranscriptForm::Text;
  } else if (form == "srt") {
    style.form = TranscriptForm::Srt;
  } else if (form == "vtt") {
    style.form = TranscriptForm::Vtt;
  } else if (form == "verbose_json") {
    style.form = TranscriptForm::Verbose;
  } else if (form == "diarized_json") {
    style.form = TranscriptForm::Diarized;
  } else {
    faults.unknownValue(body.at("response_format"), form,
                        {"json", "text", "srt", "vtt", "verbose_json", "diarized_json"});
  }
}

void readGranularities(FieldReader& body, TranscriptStyle& style, Faults& faults) {
  const auto words = readStrings(body, "timestamp_granularities", faults);
  if (words.empty()) return;
  style.segments = false;
  for (const std::string& word : words) {
    if (word == "word") {
      style.words = true;
    } else if (word == "segment") {
      style.segments = true;
    } else {
      faults.unknownValue(body.at("timestamp_granularities"), word, {"word", "segment"});
    }
  }
  if (style.form == TranscriptForm::Verbose || style.form == TranscriptForm::Diarized) return;
  faults.report(badRequest("Times are told in 'verbose_json' and 'diarized_json' alone.",
                           body.at("timestamp_granularities").text(), "unsupported_value"));
}

void readStreaming(FieldReader& body, TranscriptRequest& transcript, Faults& faults) {
  if (!body.boolean("stream").value_or(false)) return;
  const TranscriptForm form = transcript.style.form;
  if (form != TranscriptForm::Json && form != TranscriptForm::Text) {
    faults.report(badRequest("Only 'json' and 'text' can be streamed.", body.at("stream").text(),
                             "unsupported_value"));
  }
  transcript.request.stream = conversation::Streaming::On;
}

void readOrder(FieldReader& body, TranscriptRequest& transcript, Faults& faults) {
  TranscriptStyle& style = transcript.style;
  conversation::Request& request = transcript.request;
  TranscriptOrder& order = *request.transcript;
  const bool isTimed = style.form != TranscriptForm::Json && style.form != TranscriptForm::Text;
  if (isTimed) order.times = TranscriptTimes::Words;
  order.speakers = style.form == TranscriptForm::Diarized;
  style.language = body.string("language");
  order.languages = readStrings(body, "languages", faults);
  if (!style.language.empty()) order.languages.insert(order.languages.begin(), style.language);
  order.words = readStrings(body, "keywords", faults);
  order.hint = body.string("prompt");
  request.temperature = body.number("temperature", 0, 1);
  if (!readStrings(body, "include", faults).empty()) request.adjusted.emplace_back("include");
  if (body.any("known_speaker_names")) request.adjusted.emplace_back("known_speaker_names");
}

}  // namespace

Result<TranscriptRequest> parseTranscriptRequest(std::string_view text,
                                                 std::string_view contentType,
                                                 TranscriptTask task) {
  auto form = readFormBody(text, contentType);
  if (!form) return fail(form.error());
  json::Document document;
  if (auto read = document.read(form->fields); !read) return fail(read.error());
  Faults faults;
  const Path root;
  FieldReader body(document.root(), root, faults);
  TranscriptRequest transcript;
  conversation::Request& request = transcript.request;
  request.body = text;
  request.transcript.emplace().task = task;
  if (task == TranscriptTask::TranslateToEnglish) transcript.style.task = "translate";
  BytesPart file = takeFile(*form, body, faults);
  request.model = body.requiredString("model");
  readForm(body, transcript.style, faults);
  readGranularities(body, transcript.style, faults);
  readStreaming(body, transcript, faults);
  readOrder(body, transcript, faults);
  if (faults.any()) return fail(faults.first());
  conversation::Turn& turn = request.turns.emplace_back();
  turn.parts.emplace_back(conversation::MediaPart(std::move(file)));
  return transcript;
}

}  // namespace rondo::openai
