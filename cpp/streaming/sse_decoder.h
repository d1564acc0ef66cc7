#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rondo::streaming {

// Server-sent events (html.spec.whatwg.org, section 9.2), the data alone: lines end in LF, CRLF or
// CR, several data lines make one event joined by LF, comments and other fields are skipped, a byte
// order mark at the start too. Bytes may be cut anywhere.
class SseDecoder {
 public:
  static constexpr std::size_t kMaxEventBytes = 16 * 1024 * 1024;

  explicit SseDecoder(std::size_t maxEventBytes = kMaxEventBytes) : maxEventBytes_(maxEventBytes) {}

  // The data of each event that these bytes complete. Broken (`upstream_event_too_large`) when a
  // single event passes the limit; feed nothing after that.
  Result<std::vector<std::string>> feed(std::string_view bytes);

  // The end of the input. What came since the last blank line, which the standard drops, is handed
  // out as well: some servers end without one.
  std::vector<std::string> finish();

 private:
  void takeLine(std::string_view line, std::vector<std::string>& events);

  std::size_t maxEventBytes_;
  std::string line_;  // The part of a line that has come so far.
  std::string data_;  // The data lines of the event so far.
  bool hasData_ = false;
  bool skipLineFeed_ = false;  // The last byte was CR: an LF belongs to it.
  bool atStart_ = true;
};

}  // namespace rondo::streaming
