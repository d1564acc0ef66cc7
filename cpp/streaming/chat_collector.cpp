#include "streaming/chat_collector.h"

#include <iterator>
#include <utility>

namespace rondo::streaming {
namespace {

template <class T>
void addAll(std::vector<T>& to, std::vector<T>& from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

void add(openai::MessageDelta& message, openai::MessageDelta delta) {
  message.content.append(std::move(delta.content));
  message.reasoning.append(std::move(delta.reasoning));
  message.refusal.append(std::move(delta.refusal));
  addAll(message.calls, delta.calls);
  addAll(message.images, delta.images);
  addAll(message.annotations, delta.annotations);
  addAll(message.logprobs, delta.logprobs);
  if (!delta.signature.empty()) message.signature = std::move(delta.signature);
}

}  // namespace

ChatCollector::ChatCollector(openai::ResponseHead head, translation::AnswerContext context,
                             translation::SignatureStore* store)
    : head_(std::move(head)), translator_(std::move(context), store) {}

std::expected<void, StreamFault> ChatCollector::feed(std::string_view bytes) {
  auto fault = decoder_.feed(bytes, *this);
  if (fault) return std::unexpected(std::move(*fault));
  return {};
}

std::expected<std::string, StreamFault> ChatCollector::finish() {
  if (auto fault = decoder_.finish(*this)) return std::unexpected(std::move(*fault));
  auto end = translator_.finish(decoder_.form());
  if (!end) return std::unexpected(StreamFault{std::move(end.error()), {}, {}});
  std::vector<openai::Choice> choices;
  for (translation::ChoiceFinish& finish : *end) {
    add(messages_[finish.choice], std::move(finish.last));
    choices.push_back({finish.choice, std::move(messages_[finish.choice]), finish.reason});
  }
  return openai::completionBody(head_, choices, translator_.usage(), translator_.callStyle());
}

void ChatCollector::takeAnswer(google::Answer answer) {
  for (auto& delta : translator_.feed(std::move(answer))) {
    add(messages_[delta.choice], std::move(delta.delta));
  }
}

void ChatCollector::takeText(const google::TextEvent& event) {
  if (translator_.holdsCall()) return takeAnswer(google::answerOf(event));
  const auto field = translator_.feedText(event);
  if (field == openai::TextField::Content) messages_[0].content.append(event.text);
  if (field == openai::TextField::Reasoning) messages_[0].reasoning.append(event.text);
}

}  // namespace rondo::streaming
