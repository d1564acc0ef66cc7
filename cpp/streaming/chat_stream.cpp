#include "streaming/chat_stream.h"

#include <utility>

namespace rondo::streaming {

ChatStream::ChatStream(const openai::ResponseHead& head, openai::ChunkWriter::Usage usage,
                       translation::AnswerContext context, translation::SignatureStore* store)
    : translator_(std::move(context), store), writer_(head, usage, translator_.callStyle()) {}

std::expected<std::string, StreamFault> ChatStream::feed(std::string_view bytes) {
  return write(decoder_.feed(bytes));
}

std::expected<std::string, StreamFault> ChatStream::finish() {
  auto written = write(decoder_.finish());
  if (!written) return written;
  std::string out = std::move(*written);
  const auto end = translator_.finish();
  if (!end) return std::unexpected(StreamFault{end.error(), {}, std::move(out)});
  for (const translation::ChoiceFinish& finish : *end) {
    beginChoice(out, finish.choice);
    if (!finish.last.annotations.empty()) writer_.appendDelta(out, finish.choice, finish.last);
    writer_.appendFinish(out, finish.choice, finish.reason);
  }
  writer_.appendUsage(out, translator_.usage().value_or(openai::TokenUsage{}));
  writer_.appendDone(out);
  return out;
}

std::expected<std::string, StreamFault> ChatStream::write(DecodedAnswers decoded) {
  std::string out;
  for (google::Answer& answer : decoded.answers) {
    for (const auto& delta : translator_.feed(std::move(answer))) writeDelta(out, delta);
  }
  if (!decoded.fault) return out;
  decoded.fault->output = std::move(out);
  return std::unexpected(std::move(*decoded.fault));
}

void ChatStream::writeDelta(std::string& out, const translation::ChoiceDelta& delta) {
  beginChoice(out, delta.choice);
  writer_.appendDelta(out, delta.choice, delta.delta);
}

void ChatStream::beginChoice(std::string& out, int choice) {
  hasOutput_ = true;
  if (begun_.insert(choice).second) writer_.appendRole(out, choice);
}

}  // namespace rondo::streaming
