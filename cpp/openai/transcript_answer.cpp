#include "openai/transcript_answer.h"

#include <cmath>
#include <map>
#include <utility>

#include "json/writer.h"
#include "openai/captions.h"
#include "openai/error.h"

namespace rondo::openai {
namespace {

using conversation::Event;
using conversation::TextPiece;
using conversation::Usage;
using conversation::Utterance;

// Of a transcript that a stream repeats at its end: that of days.
constexpr std::size_t kMostText = 4 * 1024 * 1024;

struct Transcript {
  json::TextBuilder text;
  std::vector<Utterance> utterances;
  std::optional<Usage> usage;

  // Up to the last word: nothing tells how long the sound is.
  double duration() const {
    double end = 0;
    for (const Utterance& utterance : utterances) {
      for (const auto& word : utterance.words) end = std::max(end, word.end);
    }
    return end;
  }
  bool hasTimes() const {
    for (const Utterance& utterance : utterances) {
      if (!utterance.words.empty()) return true;
    }
    return false;
  }
};

Transcript transcriptOf(conversation::Answer answer) {
  Transcript transcript;
  for (Event& event : answer.events) {
    if (event.choice != 0) continue;
    if (auto* piece = std::get_if<TextPiece>(&event.what)) {
      transcript.text.append(std::move(piece->text));
    } else if (auto* utterance = std::get_if<Utterance>(&event.what)) {
      transcript.utterances.push_back(std::move(*utterance));
    }
  }
  transcript.usage = answer.usage;
  return transcript;
}

void writeUsage(json::Writer& writer, const std::optional<Usage>& usage) {
  if (!usage) return;
  writer.key("usage").beginObject().key("type").string("tokens");
  writer.key("input_tokens").integer(usage->prompt);
  writer.key("input_token_details").beginObject();
  writer.key("text_tokens").integer(std::max<std::int64_t>(usage->prompt - usage->promptAudio, 0));
  writer.key("audio_tokens").integer(usage->promptAudio);
  writer.endObject();
  writer.key("output_tokens").integer(usage->completion);
  writer.key("total_tokens").integer(usage->total);
  writer.endObject();
}

// 1.2, not 1.2000000000000002.
void writeSeconds(json::Writer& writer, std::string_view key, double seconds) {
  writer.key(key).number(std::round(seconds * 1000) / 1000);
}

// Whisper's bodies tell no tokens.
void writeDurationUsage(json::Writer& writer, double duration) {
  writer.key("usage").beginObject().key("type").string("duration");
  writeSeconds(writer, "seconds", duration);
  writer.endObject();
}

void writeWords(json::Writer& writer, const Transcript& transcript) {
  writer.key("words").beginArray();
  for (const Utterance& utterance : transcript.utterances) {
    for (const auto& word : utterance.words) {
      writer.beginObject().key("word").string(word.text);
      writeSeconds(writer, "start", word.start);
      writeSeconds(writer, "end", word.end);
      writer.endObject();
    }
  }
  writer.endArray();
}

// OpenAI's clients want all the members. Those that tell of whisper's inside are 0.
void writeSegments(json::Writer& writer, const Transcript& transcript) {
  writer.key("segments").beginArray();
  for (int id = 0; const Caption& caption : captionsOf(transcript.utterances)) {
    writer.beginObject().key("id").integer(id++).key("seek").integer(0);
    writeSeconds(writer, "start", caption.start);
    writeSeconds(writer, "end", caption.end);
    writer.key("text").string(caption.text);
    writer.key("tokens").beginArray().endArray();
    for (const char* inside :
         {"temperature", "avg_logprob", "compression_ratio", "no_speech_prob"}) {
      writer.key(inside).integer(0);
    }
    writer.endObject();
  }
  writer.endArray();
}

std::string jsonBody(const Transcript& transcript) {
  std::string body;
  json::Writer writer(body);
  writer.beginObject().key("text").string(transcript.text.view());
  writeUsage(writer, transcript.usage);
  writer.endObject();
  return body;
}

// The one that was asked for, else the first that was heard, as clients name languages: "en" for
// "en-US".
std::string languageOf(const TranscriptStyle& style, const Transcript& transcript) {
  if (!style.language.empty()) return style.language;
  for (const Utterance& utterance : transcript.utterances) {
    const std::string& heard = utterance.language;
    if (!heard.empty()) return heard.substr(0, heard.find('-'));
  }
  return {};
}

std::string verboseBody(const TranscriptStyle& style, const Transcript& transcript) {
  std::string body;
  json::Writer writer(body);
  writer.beginObject().key("task").string(style.task);
  const std::string language = languageOf(style, transcript);
  if (!language.empty()) writer.key("language").string(language);
  writeSeconds(writer, "duration", transcript.duration());
  writer.key("text").string(transcript.text.view());
  if (style.words) writeWords(writer, transcript);
  if (style.segments) writeSegments(writer, transcript);
  writeDurationUsage(writer, transcript.duration());
  writer.endObject();
  return body;
}

// "A" for the first label, "B" for the next; after "Z" their numbers.
class Speakers {
 public:
  const std::string& nameOf(const std::string& label) {
    const auto [found, isNew] = names_.try_emplace(label);
    if (isNew) {
      const std::size_t index = names_.size() - 1;
      constexpr std::size_t kLetters = 26;
      found->second = index < kLetters ? std::string(1, static_cast<char>('A' + index))
                                       : std::to_string(index + 1);
    }
    return found->second;
  }

 private:
  std::map<std::string, std::string, std::less<>> names_;
};

std::string diarizedBody(const Transcript& transcript) {
  std::string body;
  json::Writer writer(body);
  writer.beginObject().key("task").string("transcribe");
  writeSeconds(writer, "duration", transcript.duration());
  writer.key("text").string(transcript.text.view());
  writer.key("segments").beginArray();
  Speakers speakers;
  for (int id = 0; const Utterance& utterance : transcript.utterances) {
    if (utterance.words.empty()) continue;
    writer.beginObject().key("type").string("transcript.text.segment");
    writer.key("id").string("seg_" + std::to_string(id++));
    writeSeconds(writer, "start", utterance.words.front().start);
    writeSeconds(writer, "end", utterance.words.back().end);
    writer.key("speaker").string(speakers.nameOf(utterance.speaker));
    writer.key("text").string(utterance.text).endObject();
  }
  writer.endArray();
  writeUsage(writer, transcript.usage);
  writer.endObject();
  return body;
}

}  // namespace

Result<std::string> transcriptBody(const TranscriptStyle& style, conversation::Answer answer) {
  const Transcript transcript = transcriptOf(std::move(answer));
  if (style.form == TranscriptForm::Json) return jsonBody(transcript);
  if (style.form == TranscriptForm::Text) return transcript.text.view().plain() + '\n';
  if (!transcript.text.empty() && !transcript.hasTimes()) {
    return fail(
        makeError(ErrorKind::Broken, "A server error: the model told no times.", "no_times"));
  }
  switch (style.form) {
    case TranscriptForm::Srt: return srtOf(captionsOf(transcript.utterances));
    case TranscriptForm::Vtt: return vttOf(captionsOf(transcript.utterances));
    case TranscriptForm::Diarized: return diarizedBody(transcript);
    case TranscriptForm::Json:
    case TranscriptForm::Text:
    case TranscriptForm::Verbose: break;
  }
  return verboseBody(style, transcript);
}

std::string_view transcriptType(TranscriptForm form) {
  switch (form) {
    case TranscriptForm::Text:
    case TranscriptForm::Srt: return "text/plain; charset=utf-8";
    case TranscriptForm::Vtt: return "text/vtt; charset=utf-8";
    case TranscriptForm::Json:
    case TranscriptForm::Verbose:
    case TranscriptForm::Diarized: break;
  }
  return "application/json";
}

// --- A stream ------------------------------------------------------------------------------------

void TranscriptStream::append(std::string& out, std::vector<Event> events) {
  for (const Event& event : events) {
    const auto* piece = std::get_if<TextPiece>(&event.what);
    if (piece) appendText(out, conversation::TextKind::Said, piece->text.view());
  }
}

void TranscriptStream::appendText(std::string& out, conversation::TextKind kind,
                                  const json::Text& text) {
  if (kind != conversation::TextKind::Said) return;
  text_.append(text);
  out += R"(data: {"type":"transcript.text.delta","delta":")";
  text.appendTo(out);
  out += "\"}\n\n";
}

void TranscriptStream::appendEnd(std::string& out, const std::optional<Usage>& usage) {
  out += "data: ";
  json::Writer writer(out);
  writer.beginObject().key("type").string("transcript.text.done");
  writer.key("text").string(text_.view());
  writeUsage(writer, usage);
  writer.endObject();
  out += "\n\n";
}

bool TranscriptStream::isFull() const { return text_.view().spelling().size() > kMostText; }

void TranscriptStream::appendError(std::string& out, const Error& error) {
  out += errorEvent(error);
}

}  // namespace rondo::openai
