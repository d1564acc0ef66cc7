#include "streaming/answer_decoder.h"

#include <utility>
#include <variant>

#include "base/ascii.h"
#include "base/redact.h"
#include "json/excess.h"

namespace rondo::streaming {
namespace {

StreamFault fault(ErrorKind kind, std::string message, std::string code) {
  return {makeError(kind, std::move(message), std::move(code)), {}, {}};
}

StreamFault malformed() {
  return fault(ErrorKind::Broken, "A server error: Google's answer can't be read.",
               "upstream_malformed");
}

// Another answer would be made of the same arguments: it isn't asked for again.
StreamFault excessive() {
  return fault(ErrorKind::Broken,
               "Google's answer can't be read: it is nested too deep, or has an object with too "
               "many members, as the arguments of a call may be.",
               "upstream_answer_too_large");
}

StreamFault incomplete() {
  return fault(ErrorKind::Transient, "A server error: Google's answer broke off before its end.",
               "upstream_incomplete");
}

// Google's error object, for the moment without the classifier's verdict.
StreamFault remoteError(google::ErrorText text) {
  constexpr std::size_t kMaxStatus = 100;
  std::string message = "Google reported an error";
  if (!text.status.empty()) message += " (" + redact(text.status, kMaxStatus) + ')';
  StreamFault result = fault(ErrorKind::Broken, message + '.', "upstream_error");
  result.googleError = std::move(text.json);
  return result;
}

bool mayBeDocument(std::string_view rest) { return rest[0] == '{' || rest[0] == '['; }

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
  if (std::holds_alternative<google::Excessive>(answer)) return malformed();
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
  Events events(*this, End::Whole, sink);
  while (!bytes.empty()) {
    if (events_.isBetweenEvents()) {
      if (const auto event = textEvents_.read(bytes)) {
        events_.skipEvent();
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
  const std::string_view rest = events_.rest();
  return rest.empty() || mayBeDocument(rest) ? std::nullopt : std::optional(malformed());
}

std::optional<StreamFault> AnswerDecoder::finish(Sink& sink) {
  Events events(*this, End::MayBeCut, sink);
  events_.finish(events);
  if (events.fault) return std::move(events.fault);
  const std::string_view rest = trim(events_.rest());
  if (rest.empty()) return std::nullopt;
  if (!events_.hasEvents() && rest[0] == '{') form_ = translation::AnswerForm::Whole;
  return takeText(rest, End::MayBeCut, sink);
}

std::optional<StreamFault> AnswerDecoder::takeText(std::string_view text, End end, Sink& sink) {
  if (text == "[DONE]") return std::nullopt;
  if (!event_.tryRead(text)) {
    if (json::isExcessive(text)) return excessive();
    return end == End::MayBeCut ? incomplete() : malformed();
  }
  return takeNode(event_.root(), sink);
}

}  // namespace rondo::streaming
