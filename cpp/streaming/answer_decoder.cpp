#include "streaming/answer_decoder.h"

#include <utility>
#include <variant>

namespace rondo::streaming {
namespace {

StreamFault fault(ErrorKind kind, std::string message, std::string code) {
  return {makeError(kind, std::move(message), std::move(code)), {}, {}};
}

StreamFault malformed() {
  return fault(ErrorKind::Broken, "Google's answer is not what it should be: it can't be read.",
               "upstream_malformed");
}

StreamFault incomplete() {
  return fault(ErrorKind::Transient, "Google's answer broke off before its end.",
               "upstream_incomplete");
}

// Google's error object, for the moment without the classifier's verdict.
StreamFault remoteError(google::ErrorText text) {
  std::string message = "Google reported an error";
  if (!text.status.empty()) message += " (" + text.status + ')';
  StreamFault result = fault(ErrorKind::Broken, message + '.', "upstream_error");
  result.googleError = std::move(text.json);
  return result;
}

std::optional<StreamFault> takeNode(json::Node node, AnswerDecoder::Sink& sink) {
  if (node.isArray()) {
    for (const json::Node element : node.elements()) {
      if (auto fault = takeNode(element, sink)) return fault;
    }
    return std::nullopt;
  }
  if (!node.isObject()) return malformed();
  auto answer = google::readAnswer(node);
  if (auto* error = std::get_if<google::ErrorText>(&answer)) return remoteError(std::move(*error));
  sink.takeAnswer(std::get<google::Answer>(std::move(answer)));
  return std::nullopt;
}

}  // namespace

// Reads the answers out of events, up to a fault.
class AnswerDecoder::Events : public SseDecoder::Sink {
 public:
  Events(AnswerDecoder& decoder, End end, AnswerDecoder::Sink& sink)
      : decoder_(decoder), end_(end), sink_(sink) {}

  void takeEvent(std::string_view data) override {
    if (!fault) fault = decoder_.takeText(data, end_, sink_);
  }

  std::optional<StreamFault> fault;

 private:
  AnswerDecoder& decoder_;
  End end_;
  AnswerDecoder::Sink& sink_;
};

std::optional<StreamFault> AnswerDecoder::feed(std::string_view bytes, Sink& sink) {
  if (framing_ == Framing::Events) return feedEvents(bytes, sink);
  document_ += bytes;
  if (framing_ == Framing::Unknown) {
    const std::size_t first = document_.find_first_not_of("\xEF\xBB\xBF \t\r\n");
    if (first == std::string::npos) return std::nullopt;
    const char c = document_[first];
    framing_ = c == '{' || c == '[' ? Framing::Document : Framing::Events;
    if (framing_ == Framing::Events) return feedEvents(std::exchange(document_, {}), sink);
  }
  if (document_.size() > SseDecoder::kMaxEventBytes) return malformed();
  return std::nullopt;
}

std::optional<StreamFault> AnswerDecoder::feedEvents(std::string_view bytes, Sink& sink) {
  Events events(*this, End::Whole, sink);
  while (!bytes.empty()) {
    if (events_.isBetweenEvents()) {
      if (const auto event = textEvents_.read(bytes)) {
        sink.takeText(*event);
        bytes.remove_prefix(event->size);
        continue;
      }
    }
    const auto taken = events_.feedEvent(bytes, events);
    if (events.fault) return std::move(events.fault);
    if (!taken) return StreamFault{taken.error(), {}, {}};
    bytes.remove_prefix(*taken);
  }
  return std::nullopt;
}

std::optional<StreamFault> AnswerDecoder::finish(Sink& sink) {
  if (framing_ == Framing::Document) return takeText(document_, End::MayBeCut, sink);
  Events events(*this, End::MayBeCut, sink);
  if (framing_ == Framing::Events) events_.finish(events);
  return std::move(events.fault);
}

std::optional<StreamFault> AnswerDecoder::takeText(std::string_view text, End end, Sink& sink) {
  if (text == "[DONE]") return std::nullopt;
  if (!event_.tryRead(text)) return end == End::MayBeCut ? incomplete() : malformed();
  return takeNode(event_.root(), sink);
}

}  // namespace rondo::streaming
