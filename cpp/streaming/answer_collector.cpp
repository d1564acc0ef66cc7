#include "streaming/answer_collector.h"

#include <utility>

namespace rondo::streaming {
namespace {

using conversation::Event;
using conversation::TextKind;
using conversation::TextPiece;
using conversation::ThoughtPiece;

// Whether `event` only went on with what the last one said.
template <class Piece>
bool joined(Event& last, Event& event) {
  auto* begun = std::get_if<Piece>(&last.what);
  auto* more = std::get_if<Piece>(&event.what);
  if (!begun || !more || last.choice != event.choice) return false;
  begun->text.append(std::move(more->text));
  return true;
}

}  // namespace

AnswerCollector::AnswerCollector(translation::AnswerContext context,
                                 translation::ClientSignatures* store)
    : translator_(std::move(context), store) {}

std::expected<void, StreamFault> AnswerCollector::feed(std::string_view bytes) {
  auto fault = decoder_.feed(bytes, *this);
  if (fault) return std::unexpected(std::move(*fault));
  return {};
}

std::expected<conversation::Answer, StreamFault> AnswerCollector::finish() {
  if (auto fault = decoder_.finish(*this)) return std::unexpected(std::move(*fault));
  auto end = translator_.finish(decoder_.form());
  if (!end) return std::unexpected(StreamFault{std::move(end.error()), {}, {}});
  for (Event& event : *end) add(std::move(event));
  return conversation::Answer{std::move(events_), translator_.usage()};
}

void AnswerCollector::takeAnswer(google::Answer answer) {
  for (Event& event : translator_.feed(std::move(answer))) add(std::move(event));
}

void AnswerCollector::takeText(const google::TextEvent& event) {
  if (translator_.holdsCall()) return takeAnswer(google::answerOf(event));
  const auto kind = translator_.feedText(event);
  if (kind == TextKind::Said) add({0, TextPiece{json::TextBuilder(event.text)}});
  if (kind == TextKind::Thought) add({0, ThoughtPiece{json::TextBuilder(event.text)}});
}

void AnswerCollector::add(Event event) {
  const bool goesOn = !events_.empty() && (joined<TextPiece>(events_.back(), event) ||
                                           joined<ThoughtPiece>(events_.back(), event));
  if (!goesOn) events_.push_back(std::move(event));
}

}  // namespace rondo::streaming
