#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rondo::streaming {

// Server-sent events (html.spec.whatwg.org, section 9.2), the data alone: lines end in LF, CRLF or
// CR, several data lines make one event joined by LF, comments and other fields are skipped, a byte
// order mark at the start too. Bytes may be cut anywhere.
class SseDecoder {
 public:
  // Takes the data of one event, which is good during the call.
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void takeEvent(std::string_view data) = 0;
  };

  static constexpr std::size_t kMaxEventBytes = 16 * 1024 * 1024;

  explicit SseDecoder(std::size_t maxEventBytes = kMaxEventBytes) : maxEventBytes_(maxEventBytes) {}

  // Hands out each event that these bytes complete. Broken (`upstream_event_too_large`) when a
  // single event passes the limit; feed nothing after that.
  Result<void> feed(std::string_view bytes, Sink& sink);
  // The same up to the end of the first event. Gives how many bytes it took.
  Result<std::size_t> feedEvent(std::string_view bytes, Sink& sink);
  // Whether the next byte begins a line outside of any event, and not the first one of all.
  bool isBetweenEvents() const { return line_.empty() && !hasData_ && !skipLineFeed_ && !atStart_; }

  // The end of the input. What came since the last blank line, which the standard drops, is handed
  // out as well: some servers end without one.
  void finish(Sink& sink);

 private:
  void endLine(std::string_view piece, Sink& sink);
  void takeLine(std::string_view line, Sink& sink);
  void endEvent(Sink& sink);
  void addData(std::string_view value);
  void keepData();

  std::size_t maxEventBytes_;
  std::string line_;  // The part of a line that has come so far.
  // The data lines of the event so far: the first one where it lies among the bytes that are being
  // fed, for as long as it is alone there.
  std::string_view fresh_;
  std::string data_;
  bool hasData_ = false;
  bool skipLineFeed_ = false;  // The last byte was CR: an LF belongs to it.
  bool atStart_ = true;
};

}  // namespace rondo::streaming
