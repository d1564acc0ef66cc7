#include "streaming/sse_decoder.h"

#include <utility>

#include "base/bytes.h"

namespace rondo::streaming {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

Result<void> SseDecoder::feed(std::string_view bytes, Sink& sink) {
  while (!bytes.empty()) {
    const auto taken = feedEvent(bytes, sink);
    if (!taken) return fail(taken.error());
    bytes.remove_prefix(*taken);
  }
  return {};
}

Result<std::size_t> SseDecoder::feedEvent(std::string_view bytes, Sink& sink) {
  std::size_t at = 0;
  for (bool isEnded = false; at < bytes.size();) {
    if (std::exchange(skipLineFeed_, false) && bytes[at] == '\n') {
      ++at;
      continue;
    }
    if (isEnded) break;
    const std::string_view rest = bytes.substr(at);
    const std::size_t end = findEither(rest, '\r', '\n');
    const std::string_view piece = rest.substr(0, end);
    if (line_.size() + fresh_.size() + data_.size() + piece.size() > maxEventBytes_) {
      return fail(makeError(ErrorKind::Broken, "An event of Google's answer is too large.",
                            "upstream_event_too_large"));
    }
    if (end == rest.size()) {
      line_ += piece;
      at = bytes.size();
      break;
    }
    isEnded = hasData_ && line_.empty() && piece.empty();
    endLine(piece, sink);
    skipLineFeed_ = rest[end] == '\r';
    at += end + 1;
  }
  keepData();
  return at;
}

void SseDecoder::endLine(std::string_view piece, Sink& sink) {
  if (line_.empty()) return takeLine(piece, sink);
  line_ += piece;
  takeLine(line_, sink);
  keepData();
  line_.clear();
}

void SseDecoder::finish(Sink& sink) {
  if (!line_.empty()) takeLine(line_, sink);
  endEvent(sink);
  line_.clear();
}

void SseDecoder::takeLine(std::string_view line, Sink& sink) {
  if (std::exchange(atStart_, false) && line.starts_with(kByteOrderMark)) {
    line.remove_prefix(kByteOrderMark.size());
  }
  if (line.empty()) return endEvent(sink);
  const std::size_t colon = line.find(':');
  if (line.substr(0, colon) != "data") return;
  std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  addData(value);
}

void SseDecoder::addData(std::string_view value) {
  if (!std::exchange(hasData_, true)) {
    fresh_ = value;
    return;
  }
  keepData();
  data_ += '\n';
  data_ += value;
}

// The bytes that are being fed are about to go.
void SseDecoder::keepData() {
  data_ += fresh_;
  fresh_ = {};
}

void SseDecoder::endEvent(Sink& sink) {
  if (hasData_) sink.takeEvent(data_.empty() ? fresh_ : std::string_view(data_));
  hasData_ = false;
  fresh_ = {};
  data_.clear();
}

}  // namespace rondo::streaming
