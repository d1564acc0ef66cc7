#include "openai/chat_response.h"

#include <map>
#include <utility>

#include "base/base64.h"
#include "json/writer.h"
#include "openai/chat_sound.h"
#include "openai/error.h"

namespace rondo::openai {
namespace {

using conversation::AnswerHead;
using conversation::Event;
using conversation::Finish;
using conversation::FinishReason;
using conversation::TextKind;
using conversation::Usage;

// Of a stream's completion, which is stored together with what it answers.
constexpr std::size_t kMostOfKept = 8 * 1024 * 1024;

void writeHead(json::Writer& writer, const AnswerHead& head, std::string_view object) {
  writer.key("id").string("chatcmpl-" + head.seed);
  writer.key("object").string(object);
  writer.key("created").integer(head.created);
  writer.key("model").string(head.model);
}

// No text is null beside calls or images, and empty where nothing else is said either. What is said
// beside sound is its transcript.
void writeContent(json::Writer& writer, const MessageDelta& message) {
  writer.key("content");
  const bool isWordless = !message.calls.empty() || !message.images.empty();
  if (!message.sounds.empty() || (message.content.empty() && isWordless)) {
    writer.null();
  } else {
    writer.string(message.content.view());
  }
}

// Nothing is kept of a sound: the moment at which it goes is the one at which it came.
void writeAudio(json::Writer& writer, const AnswerHead& head, int index,
                const MessageDelta& message) {
  if (message.sounds.empty()) return;
  writer.key("audio").beginObject();
  writer.key("id").string(soundId(head.seed, index));
  writer.key("data").raw('"' + message.sounds.front().data + '"');
  writer.key("expires_at").integer(head.created);
  writer.key("transcript").string(message.content.view());
  writer.endObject();
}

struct Choice {
  MessageDelta message;
  FinishReason finish = FinishReason::Stop;

  void add(Event event) {
    if (const auto* end = std::get_if<Finish>(&event.what)) finish = end->reason;
    message.add(std::move(event));
  }
};

using Choices = std::map<int, Choice>;

void writeChoice(json::Writer& writer, const AnswerHead& head, int index, const Choice& choice,
                 CallStyle style) {
  writer.beginObject();
  writer.key("index").integer(index).key("message").beginObject();
  writer.key("role").string("assistant");
  writeContent(writer, choice.message);
  writer.key("refusal").null();
  writeAudio(writer, head, index, choice.message);
  writeExtras(writer, choice.message, 0);
  writeCalls(writer, choice.message.calls, style, std::nullopt);
  writer.endObject();
  writeLogprobs(writer.key("logprobs"), choice.message.logprobs);
  writer.key("finish_reason").string(finishWord(choice.finish, style));
  writer.endObject();
}

std::string writeCompletion(const AnswerHead& head, const Choices& choices,
                            const std::optional<Usage>& usage, CallStyle style) {
  std::string body;
  json::Writer writer(body);
  writer.beginObject();
  writeHead(writer, head, "chat.completion");
  writer.key("choices").beginArray();
  for (const auto& [index, choice] : choices) writeChoice(writer, head, index, choice, style);
  writer.endArray();
  if (usage) writeUsage(writer.key("usage"), *usage);
  writer.endObject();
  return body;
}

// Roughly the bytes that an event takes in a completion.
struct SizeOf {
  std::size_t operator()(const conversation::TextPiece& piece) const {
    return piece.text.view().spelling().size();
  }
  std::size_t operator()(const conversation::ThoughtPiece& piece) const {
    return piece.text.view().spelling().size();
  }
  std::size_t operator()(const conversation::Call& call) const {
    return call.arguments.size() + call.signature.value.size() + kLittle;
  }
  std::size_t operator()(const conversation::Image& image) const {
    return image.url.size() + image.signature.size() + kLittle;
  }
  std::size_t operator()(const conversation::Citation& citation) const {
    return citation.url.size() + citation.title.size() + kLittle;
  }
  std::size_t operator()(const conversation::TokenScore& score) const {
    return (1 + score.alternatives.size()) * kLittle;
  }
  template <class Other>
  std::size_t operator()(const Other&) const {
    return kLittle;
  }

  static constexpr std::size_t kLittle = 128;
};

// What a chunk tells: one kind of content, which what belongs to it joins.
enum class Kind { None, Text, Thought, Call, Image, Sound };

struct KindOf {
  Kind open;

  Kind operator()(const conversation::ThoughtPiece&) const { return Kind::Thought; }
  Kind operator()(const conversation::Call&) const { return Kind::Call; }
  Kind operator()(const conversation::Image&) const { return Kind::Image; }
  Kind operator()(const conversation::Sound&) const { return Kind::Sound; }
  Kind operator()(const conversation::Citation&) const {
    return open == Kind::None ? Kind::Text : open;
  }
  Kind operator()(const Finish&) const { return Kind::None; }
  template <class Other>
  Kind operator()(const Other&) const {
    return Kind::Text;
  }
};

}  // namespace

std::string completionBody(const AnswerHead& head, conversation::Answer answer, CallStyle style) {
  Choices choices;
  for (Event& event : answer.events) choices[event.choice].add(std::move(event));
  return writeCompletion(head, choices, answer.usage, style);
}

// --- A stream ------------------------------------------------------------------------------------

ChunkWriter::ChunkWriter(const AnswerHead& head, const ChatStyle& style)
    : head_("data: "),
      usage_(style.usage),
      style_(style.calls),
      sound_(style.sound),
      seed_(head.seed),
      created_(head.created) {
  json::Writer writer(head_);
  writer.beginObject();
  writeHead(writer, head, "chat.completion.chunk");
  begin(contentBegin_, 0);
  reasoningBegin_ = contentBegin_;
  contentBegin_ += R"({"content":")";
  reasoningBegin_ += R"({"reasoning_content":")";
  textEnd_ = R"("},"logprobs":null)";
  end(textEnd_, {});
}

// Gathers a chunk as long as what comes is of its kind and choice.
class ChunkWriter::Chunks {
 public:
  Chunks(ChunkWriter& writer, std::string& out) : writer_(writer), out_(out) {}

  void add(Event event) {
    if (event.choice != choice_) flush();
    const Kind kind = std::visit(KindOf{kind_}, event.what);
    if (kind != kind_) flush();
    choice_ = event.choice;
    if (const auto* finish = std::get_if<Finish>(&event.what)) {
      writer_.beginChoice(out_, choice_);
      writer_.endSound(out_, choice_);
      writer_.appendFinish(out_, choice_, finish->reason);
      return;
    }
    kind_ = kind;
    delta_.add(std::move(event));
  }

  void flush() {
    if (std::exchange(kind_, Kind::None) == Kind::None) return;
    writer_.beginChoice(out_, choice_);
    write(std::exchange(delta_, {}));
  }

 private:
  void write(const MessageDelta& delta) {
    Made& made = writer_.made_[choice_];
    writer_.begin(out_, choice_);
    json::Writer writer(out_);
    writer.beginObject();
    if (writer_.sound_ != ChatSound::None) {
      writer_.writeSound(writer, delta, choice_);
    } else if (!delta.content.empty()) {
      writer.key("content").string(delta.content.view());
    }
    writeExtras(writer, delta, made.images);
    writeCalls(writer, delta.calls, writer_.style_, made.calls);
    writer.endObject();
    writeLogprobs(writer.key("logprobs"), delta.logprobs);
    writer_.end(out_, {});
    made.images += static_cast<int>(delta.images.size());
    made.calls += static_cast<int>(delta.calls.size());
  }

  ChunkWriter& writer_;
  std::string& out_;
  int choice_ = 0;
  Kind kind_ = Kind::None;
  MessageDelta delta_;
};

void ChunkWriter::append(std::string& out, std::vector<Event> events) {
  Chunks chunks(*this, out);
  for (Event& event : events) chunks.add(std::move(event));
  chunks.flush();
}

void ChunkWriter::appendText(std::string& out, TextKind kind, const json::Text& text) {
  if (sound_ != ChatSound::None && kind == TextKind::Said) {
    return append(out, {{0, conversation::TextPiece{json::TextBuilder(text)}}});
  }
  beginChoice(out, 0);
  out += kind == TextKind::Said ? contentBegin_ : reasoningBegin_;
  text.appendTo(out);
  out += textEnd_;
}

void ChunkWriter::appendEnd(std::string& out, const std::optional<Usage>& usage) {
  if (usage_ == StreamUsage::Included) appendUsage(out, usage.value_or(Usage{}));
  out += "data: [DONE]\n\n";
}

void ChunkWriter::appendError(std::string& out, const Error& error) { out += errorEvent(error); }

void ChunkWriter::beginChoice(std::string& out, int choice) {
  if (!begun_.insert(choice).second) return;
  begin(out, choice);
  out += sound_ == ChatSound::None ? R"({"role":"assistant","content":""},"logprobs":null)"
                                   : R"({"role":"assistant","content":null},"logprobs":null)";
  end(out, {});
}

// More of the sound, or of its transcript.
void ChunkWriter::writeSound(json::Writer& writer, const MessageDelta& delta, int choice) {
  Made& made = made_[choice];
  std::string samples;
  for (const auto& sound : delta.sounds) samples += made.sound.read(sound);
  if (samples.empty() && delta.content.empty()) return;
  made.hasSpoken = true;
  writer.key("audio").beginObject().key("id").string(soundId(seed_, choice));
  if (!samples.empty()) writer.key("data").string(encodeBase64(samples));
  if (!delta.content.empty()) writer.key("transcript").string(delta.content.view());
  writer.endObject();
}

void ChunkWriter::endSound(std::string& out, int choice) {
  const auto made = made_.find(choice);
  if (made == made_.end() || !made->second.hasSpoken) return;
  begin(out, choice);
  json::Writer writer(out);
  writer.beginObject().key("audio").beginObject();
  writer.key("id").string(soundId(seed_, choice)).key("expires_at").integer(created_);
  writer.endObject().endObject();
  out += R"(,"logprobs":null)";
  end(out, {});
}

void ChunkWriter::appendFinish(std::string& out, int choice, FinishReason reason) const {
  begin(out, choice);
  out += R"({},"logprobs":null)";
  end(out, finishWord(reason, style_));
}

void ChunkWriter::appendUsage(std::string& out, const Usage& usage) const {
  out += head_;
  out += R"(,"choices":[],"usage":)";
  json::Writer writer(out);
  writeUsage(writer, usage);
  out += "}\n\n";
}

void ChunkWriter::begin(std::string& out, int choice) const {
  out += head_;
  out += R"(,"choices":[{"index":)";
  out += std::to_string(choice);
  out += R"(,"delta":)";
}

void ChunkWriter::end(std::string& out, std::string_view finish) const {
  out += R"(,"finish_reason":)";
  if (finish.empty()) {
    out += "null";
  } else {
    json::appendQuoted(out, finish);
  }
  out += usage_ == StreamUsage::Included ? "}],\"usage\":null}\n\n" : "}]}\n\n";
}

// --- A stream that is kept -----------------------------------------------------------------------

struct KeptChunkWriter::Gathered {
  Choices choices;
};

KeptChunkWriter::KeptChunkWriter(const AnswerHead& head, const ChatStyle& style)
    : chunks_(head, style),
      head_(head),
      style_(style.calls),
      kept_(*style.kept),
      gathered_(std::make_unique<Gathered>()) {}

KeptChunkWriter::~KeptChunkWriter() = default;

bool KeptChunkWriter::takes(std::size_t bytes) {
  bytes_ += bytes;
  if (bytes_ > kMostOfKept) gathered_.reset();
  return gathered_ != nullptr;
}

void KeptChunkWriter::append(std::string& out, std::vector<Event> events) {
  for (const Event& event : events) {
    // Of what was spoken the words are kept.
    if (std::holds_alternative<conversation::Sound>(event.what)) continue;
    if (takes(std::visit(SizeOf{}, event.what))) gathered_->choices[event.choice].add(event);
  }
  chunks_.append(out, std::move(events));
}

void KeptChunkWriter::appendText(std::string& out, TextKind kind, const json::Text& text) {
  if (takes(text.spelling().size())) {
    MessageDelta& message = gathered_->choices[0].message;
    (kind == TextKind::Said ? message.content : message.reasoning).append(text);
  }
  chunks_.appendText(out, kind, text);
}

void KeptChunkWriter::appendEnd(std::string& out, const std::optional<Usage>& usage) {
  chunks_.appendEnd(out, usage);
  if (gathered_) kept_ = writeCompletion(head_, gathered_->choices, usage, style_);
}

void KeptChunkWriter::appendError(std::string& out, const Error& error) {
  chunks_.appendError(out, error);
}

}  // namespace rondo::openai
