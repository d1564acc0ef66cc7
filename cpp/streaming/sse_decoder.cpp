#include "streaming/sse_decoder.h"

#include <utility>

namespace rondo::streaming {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

Result<std::vector<std::string>> SseDecoder::feed(std::string_view bytes) {
  std::vector<std::string> events;
  while (!bytes.empty()) {
    if (std::exchange(skipLineFeed_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    const std::size_t end = bytes.find_first_of("\r\n");
    const bool isWhole = end != std::string_view::npos;
    const std::string_view piece = bytes.substr(0, end);
    if (line_.size() + data_.size() + piece.size() > maxEventBytes_) {
      return fail(makeError(ErrorKind::Broken, "An event of Google's answer is too large.",
                            "upstream_event_too_large"));
    }
    if (!isWhole) {
      line_ += piece;
      break;
    }
    if (line_.empty()) {
      takeLine(piece, events);
    } else {
      line_ += piece;
      takeLine(line_, events);
      line_.clear();
    }
    skipLineFeed_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
  }
  return events;
}

std::vector<std::string> SseDecoder::finish() {
  std::vector<std::string> events;
  if (!line_.empty()) takeLine(std::exchange(line_, {}), events);
  takeLine({}, events);
  return events;
}

void SseDecoder::takeLine(std::string_view line, std::vector<std::string>& events) {
  if (std::exchange(atStart_, false) && line.starts_with(kByteOrderMark)) {
    line.remove_prefix(kByteOrderMark.size());
  }
  if (line.empty()) {
    if (hasData_) events.push_back(std::exchange(data_, {}));
    hasData_ = false;
    return;
  }
  const std::size_t colon = line.find(':');
  if (line.substr(0, colon) != "data") return;
  std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (hasData_) data_ += '\n';
  data_ += value;
  hasData_ = true;
}

}  // namespace rondo::streaming
