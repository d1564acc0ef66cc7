#include "streaming/chat_stream.h"

#include <utility>

namespace rondo::streaming {

ChatStream::ChatStream(const openai::ResponseHead& head, openai::ChunkWriter::Usage usage,
                       translation::AnswerContext context, translation::SignatureStore* store)
    : translator_(std::move(context), store), writer_(head, usage, translator_.callStyle()) {}

std::expected<std::string, StreamFault> ChatStream::feed(std::string_view bytes) {
  // A chunk of ours is about as long as an event of Google's.
  out_.reserve(bytes.size());
  return output(decoder_.feed(bytes, *this));
}

std::expected<std::string, StreamFault> ChatStream::finish() {
  if (auto fault = decoder_.finish(*this)) return output(std::move(fault));
  const auto end = translator_.finish(decoder_.form());
  if (!end) return output(StreamFault{end.error(), {}, {}});
  for (const translation::ChoiceFinish& finish : *end) {
    beginChoice(finish.choice);
    const bool saysMore = !finish.last.calls.empty() || !finish.last.annotations.empty();
    if (saysMore) writer_.appendDelta(out_, finish.choice, finish.last);
    writer_.appendFinish(out_, finish.choice, finish.reason);
  }
  writer_.appendUsage(out_, translator_.usage().value_or(openai::TokenUsage{}));
  writer_.appendDone(out_);
  return output(std::nullopt);
}

std::expected<std::string, StreamFault> ChatStream::output(std::optional<StreamFault> fault) {
  std::string out = std::exchange(out_, {});
  if (!fault) return out;
  fault->output = std::move(out);
  return std::unexpected(std::move(*fault));
}

void ChatStream::takeAnswer(google::Answer answer) {
  for (const auto& delta : translator_.feed(std::move(answer))) {
    beginChoice(delta.choice);
    writer_.appendDelta(out_, delta.choice, delta.delta);
  }
}

void ChatStream::takeText(const google::TextEvent& event) {
  if (translator_.holdsCall()) return takeAnswer(google::answerOf(event));
  const auto field = translator_.feedText(event);
  if (!field) return;
  beginChoice(0);
  writer_.appendText(out_, *field, event.text);
}

void ChatStream::beginChoice(int choice) {
  hasOutput_ = true;
  if (begun_.insert(choice).second) writer_.appendRole(out_, choice);
}

}  // namespace rondo::streaming
