#include "streaming/answer_decoder.h"

#include <utility>

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

}  // namespace

DecodedAnswers AnswerDecoder::feed(std::string_view bytes) {
  DecodedAnswers decoded;
  std::string begun;
  if (framing_ == Framing::Unknown) {
    document_ += bytes;
    const std::size_t first = document_.find_first_not_of("\xEF\xBB\xBF \t\r\n");
    if (first == std::string::npos) return decoded;
    const char c = document_[first];
    framing_ = c == '{' || c == '[' ? Framing::Document : Framing::Events;
    if (framing_ == Framing::Events) {
      begun = std::exchange(document_, {});
      bytes = begun;
    }
  } else if (framing_ == Framing::Document) {
    document_ += bytes;
  }
  if (framing_ == Framing::Document) {
    if (document_.size() > SseDecoder::kMaxEventBytes) decoded.fault = malformed();
    return decoded;
  }
  auto events = events_.feed(bytes);
  if (!events) {
    decoded.fault = StreamFault{std::move(events.error()), {}, {}};
    return decoded;
  }
  for (const std::string& event : *events) takeText(event, End::Whole, decoded);
  return decoded;
}

DecodedAnswers AnswerDecoder::finish() {
  DecodedAnswers decoded;
  if (framing_ == Framing::Document) {
    takeText(std::exchange(document_, {}), End::MayBeCut, decoded);
  } else if (framing_ == Framing::Events) {
    for (const std::string& event : events_.finish()) takeText(event, End::MayBeCut, decoded);
  }
  return decoded;
}

void AnswerDecoder::takeText(std::string_view text, End end, DecodedAnswers& decoded) const {
  if (decoded.fault || text == "[DONE]") return;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  auto value = json::parse(text);
  if (value) {
    takeValue(std::move(*value), decoded);
  } else {
    decoded.fault = end == End::MayBeCut ? incomplete() : malformed();
  }
}

void AnswerDecoder::takeValue(json::Value value, DecodedAnswers& decoded) const {
  if (decoded.fault) return;
  if (value.is_array()) {
    for (json::Value& element : value) takeValue(std::move(element), decoded);
    return;
  }
  if (!value.is_object()) {
    decoded.fault = malformed();
    return;
  }
  auto answer = google::readAnswer(std::move(value));
  if (auto* error = std::get_if<google::ErrorText>(&answer)) {
    decoded.fault = remoteError(std::move(*error));
  } else {
    decoded.answers.push_back(std::get<google::Answer>(std::move(answer)));
  }
}

}  // namespace rondo::streaming
