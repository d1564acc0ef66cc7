#include "streaming/answer_stream.h"

#include <utility>

namespace rondo::streaming {

AnswerStream::AnswerStream(std::unique_ptr<conversation::StreamWriter> writer,
                           translation::AnswerContext context, translation::ClientSignatures* store)
    : translator_(std::move(context), store), writer_(std::move(writer)) {}

namespace {

StreamFault tooLarge() {
  return {makeError(ErrorKind::Broken,
                    "Google's answer is longer than what a stream of this kind can repeat at its "
                    "end. Ask for less at once.",
                    "upstream_answer_too_large"),
          {},
          {}};
}

}  // namespace

AnswerStream::Output AnswerStream::feed(std::string_view bytes) {
  out_.clear();
  // An event of a dialect's is about as long as one of Google's.
  out_.reserve(bytes.size());
  auto fault = decoder_.feed(bytes, *this);
  if (!fault && writer_->isFull()) fault = tooLarge();
  return output(std::move(fault));
}

AnswerStream::Output AnswerStream::finish() {
  out_.clear();
  if (auto fault = decoder_.finish(*this)) return output(std::move(fault));
  auto end = translator_.finish(decoder_.form());
  if (!end) return output(StreamFault{end.error(), {}, {}});
  writer_->append(out_, std::move(*end));
  writer_->appendEnd(out_, translator_.usage());
  return output(std::nullopt);
}

std::string AnswerStream::fail(const Error& error) {
  std::string out;
  writer_->appendError(out, error);
  return out;
}

AnswerStream::Output AnswerStream::output(std::optional<StreamFault> fault) {
  if (!fault) return out_;
  fault->output = std::move(out_);
  return std::unexpected(std::move(*fault));
}

void AnswerStream::takeAnswer(google::Answer answer) {
  auto events = translator_.feed(std::move(answer));
  if (!events.empty()) writer_->append(out_, std::move(events));
}

void AnswerStream::takeText(const google::TextEvent& event) {
  if (translator_.holdsCall()) return takeAnswer(google::answerOf(event));
  const auto kind = translator_.feedText(event);
  if (kind) writer_->appendText(out_, *kind, event.text);
}

}  // namespace rondo::streaming
