#include "streaming/sse_decoder.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/bytes.h"

namespace rondo::streaming {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t";

std::unexpected<Error> tooLarge() {
  return fail(makeError(ErrorKind::Broken, "An event of Google's answer is too large.",
                        "upstream_event_too_large"));
}

std::unexpected<Error> tooIdle() {
  return fail(makeError(ErrorKind::Broken,
                        "Google's answer is not what it should be: it brings nothing.",
                        "upstream_malformed"));
}

bool isNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// Whether a line that is no data may be skipped: a comment, a field, or blanks alone.
bool isSkippable(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  if (name == "event" || name == "id" || name == "retry") return true;
  if (colon != std::string_view::npos) return std::ranges::all_of(name, isNameCharacter);
  return line.find_first_not_of(kBlanks) == std::string_view::npos;
}

}  // namespace

Result<std::size_t> SseDecoder::feedEvent(std::string_view bytes, Sink& sink) {
  if (!rest_.empty()) return addRest(bytes);
  std::size_t at = 0;
  for (bool isEnded = false; at < bytes.size() && rest_.empty();) {
    if (std::exchange(skipLineFeed_, false) && bytes[at] == '\n') {
      ++at;
      continue;
    }
    if (isEnded) break;
    const bool hadData = hasData_;
    const auto taken = feedLine(bytes.substr(at), sink);
    if (!taken) return taken;
    if (idle_ > kMaxIdleBytes) return tooIdle();
    isEnded = hadData && !hasData_;
    at += *taken;
  }
  keepData();
  return at;
}

// Up to the end of the first line. Gives how many bytes it took.
Result<std::size_t> SseDecoder::feedLine(std::string_view bytes, Sink& sink) {
  const std::size_t indent = takeIndent(bytes);
  const std::string_view line = bytes.substr(indent);
  if (opensDocument(line)) {
    // Not line by line: it may be long.
    endEvent(sink);
    line_.clear();
    if (auto added = addRest(line); !added) return added;
    return bytes.size();
  }
  const std::size_t end = findEither(line, '\r', '\n');
  if (line_.size() + fresh_.size() + data_.size() + end > maxEventBytes_) return tooLarge();
  const std::string_view piece = line.substr(0, end);
  if (end == line.size()) {
    line_ += piece;
    return bytes.size();
  }
  endLine(piece, sink);
  skipLineFeed_ = line[end] == '\r';
  return indent + end + 1;
}

// Gives how many of the bytes are blanks that a line begins with.
std::size_t SseDecoder::takeIndent(std::string_view bytes) {
  if (!line_.empty() && line_ != " ") return 0;
  const std::size_t size = std::min(bytes.find_first_not_of(kBlanks), bytes.size());
  if (size > 0) line_ = " ";
  idle_ += size;
  return size;
}

bool SseDecoder::opensDocument(std::string_view bytes) const {
  if (!line_.empty() && line_ != " ") return false;
  return bytes.starts_with('{') || bytes.starts_with('[');
}

Result<std::size_t> SseDecoder::addRest(std::string_view bytes) {
  if (rest_.size() + bytes.size() > maxEventBytes_) return tooLarge();
  rest_ += bytes;
  return bytes.size();
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
  if (line.empty()) {
    ++idle_;
    return endEvent(sink);
  }
  const std::size_t colon = line.find(':');
  if (line.substr(0, colon) == "data") {
    std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    addData(value);
  } else if (isSkippable(line)) {
    idle_ += line.size() + 1;
  } else {
    // The event before has no blank line, which it needs no more.
    endEvent(sink);
    rest_.append(trim(line)).append("\n");
  }
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
  if (hasData_) {
    skipEvent();
    sink.takeEvent(data_.empty() ? fresh_ : std::string_view(data_));
  }
  hasData_ = false;
  fresh_ = {};
  data_.clear();
}

}  // namespace rondo::streaming
