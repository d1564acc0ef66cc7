#include "openai/speech_dialect.h"

#include <utility>

#include "base/base64.h"
#include "json/writer.h"
#include "openai/media_format.h"
#include "openai/pcm.h"
#include "openai/speech_request.h"

namespace rondo::openai {
namespace {

using conversation::Event;
using conversation::Sent;
using conversation::Sound;
using conversation::Usage;

std::string_view typeOf(SpeechEncoding encoding) {
  return encoding == SpeechEncoding::Wav ? "audio/wav" : "audio/pcm";
}

// The sound of a stream, piece by piece. Of a WAV file the head comes with the first.
class SpeechStream : public conversation::StreamWriter {
 public:
  SpeechStream(SpeechEncoding encoding, SpeechDelivery delivery)
      : encoding_(encoding), delivery_(delivery) {}

  void append(std::string& out, std::vector<Event> events) override {
    for (const Event& event : events) {
      const auto* sound = std::get_if<Sound>(&event.what);
      if (sound) appendSound(out, *sound);
    }
  }
  // What a model says beside its speech is nobody's.
  void appendText(std::string&, conversation::TextKind, const json::Text&) override {}

  void appendEnd(std::string& out, const std::optional<Usage>& usage) override {
    if (delivery_ == SpeechDelivery::Bytes) return;
    out += "data: ";
    json::Writer writer(out);
    writer.beginObject().key("type").string("speech.audio.done");
    const Usage counted = usage.value_or(Usage{});
    writer.key("usage").beginObject();
    writer.key("input_tokens").integer(counted.prompt);
    writer.key("output_tokens").integer(counted.completion);
    writer.key("total_tokens").integer(counted.total);
    writer.endObject().endObject();
    out += "\n\n";
  }

  // Bytes of sound can't tell it.
  void appendError(std::string& out, const Error& error) override {
    if (delivery_ == SpeechDelivery::Events) out += errorEvent(error);
  }

 private:
  void appendSound(std::string& out, const Sound& sound) {
    std::string samples = reader_.read(sound);
    if (samples.empty()) return;
    const bool isFirst = !std::exchange(hasBegun_, true);
    if (isFirst && encoding_ == SpeechEncoding::Wav) {
      samples.insert(0, wavHead(reader_.format(), std::nullopt));
    }
    if (delivery_ == SpeechDelivery::Bytes) {
      out += samples;
      return;
    }
    out += R"(data: {"type":"speech.audio.delta","audio":")";
    appendBase64(out, samples);
    out += "\"}\n\n";
  }

  SpeechEncoding encoding_;
  SpeechDelivery delivery_;
  PcmReader reader_;
  bool hasBegun_ = false;
};

class SpeechFormat : public MediaFormat {
 public:
  SpeechFormat(SpeechEncoding encoding, SpeechDelivery delivery)
      : MediaFormat("input", "voice"), encoding_(encoding), delivery_(delivery) {}

  std::unique_ptr<conversation::StreamWriter> stream(
      const conversation::AnswerHead&) const override {
    return std::make_unique<SpeechStream>(encoding_, delivery_);
  }

  Result<std::string> whole(const conversation::AnswerHead&,
                            conversation::Answer answer) const override {
    PcmReader reader;
    std::string samples;
    for (Event& event : answer.events) {
      auto* sound = std::get_if<Sound>(&event.what);
      if (!sound) continue;
      std::string piece = reader.read(*sound);
      sound->data = {};
      if (samples.empty()) {
        samples = std::move(piece);
      } else {
        samples += piece;
      }
    }
    if (samples.empty()) {
      return fail(makeError(ErrorKind::Broken,
                            "A server error: the model spoke in an encoding that can't be read.",
                            "unknown_encoding"));
    }
    if (encoding_ == SpeechEncoding::Wav) {
      samples.insert(0, wavHead(reader.format(), samples.size()));
    }
    return samples;
  }

  std::string_view wholeType() const override { return typeOf(encoding_); }
  std::string_view streamType() const override {
    return delivery_ == SpeechDelivery::Events ? kEventStream : typeOf(encoding_);
  }

 private:
  SpeechEncoding encoding_;
  SpeechDelivery delivery_;
};

class SpeechDialect : public MediaDialect {
 public:
  Result<Sent> read(std::string_view body, const conversation::BesideBody&) const override {
    auto speech = parseSpeechRequest(body);
    if (!speech) return fail(speech.error());
    return Sent{std::move(speech->request),
                std::make_unique<SpeechFormat>(speech->encoding, speech->delivery)};
  }
};

}  // namespace

const conversation::Dialect& speechDialect() {
  static const SpeechDialect dialect;
  return dialect;
}

}  // namespace rondo::openai
