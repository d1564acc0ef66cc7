#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rondo::streaming {

// Server-sent events (html.spec.whatwg.org, section 9.2), the data alone: lines end in LF, CRLF or
// CR, several data lines make one event joined by LF, comments and other fields are skipped, a byte
// order mark at the start too. Bytes may be cut anywhere.
//
// A line that is no field ends the events: with all that follows it is the rest, which is kept as
// it is. Google says so what it says outside of its stream: a bare JSON document.
class SseDecoder {
 public:
  // Takes the data of one event, which is good during the call.
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void takeEvent(std::string_view data) = 0;
  };

  static constexpr std::size_t kMaxEventBytes = 16 * 1024 * 1024;
  // Of blanks, comments and other fields from one event to the next.
  static constexpr std::size_t kMaxIdleBytes = 256 * 1024;

  explicit SseDecoder(std::size_t maxEventBytes = kMaxEventBytes) : maxEventBytes_(maxEventBytes) {}

  // Hands out the first event that these bytes complete, and gives how many bytes it took. Broken
  // when a single event or the rest passes its limit (`upstream_event_too_large`), or what makes no
  // event does (`upstream_malformed`); feed nothing after that.
  Result<std::size_t> feedEvent(std::string_view bytes, Sink& sink);
  // Whether the next byte begins a line outside of any event, and not the first one of all.
  bool isBetweenEvents() const {
    return line_.empty() && !hasData_ && !skipLineFeed_ && !atStart_ && rest_.empty();
  }
  // Somebody else read an event between two of these.
  void skipEvent() {
    hasEvents_ = true;
    idle_ = 0;
  }

  // The end of the input. What came since the last blank line, which the standard drops, is handed
  // out as well: some servers end without one.
  void finish(Sink& sink);

  // Whether an event was handed out or skipped.
  bool hasEvents() const { return hasEvents_; }
  // What has come of the rest. It begins with no blank; empty when all lines were fields.
  std::string_view rest() const { return rest_; }

 private:
  std::size_t takeIndent(std::string_view bytes);
  bool opensDocument(std::string_view bytes) const;
  Result<std::size_t> addRest(std::string_view bytes);
  Result<std::size_t> feedLine(std::string_view bytes, Sink& sink);
  void endLine(std::string_view piece, Sink& sink);
  void takeLine(std::string_view line, Sink& sink);
  void endEvent(Sink& sink);
  void addData(std::string_view value);
  void keepData();

  std::size_t maxEventBytes_;
  // The part of a line that has come so far. Blanks at its start are one, however many they were.
  std::string line_;
  // The data lines of the event so far: the first one where it lies among the bytes that are being
  // fed, for as long as it is alone there.
  std::string_view fresh_;
  std::string data_;
  std::string rest_;
  std::size_t idle_ = 0;  // Bytes since the last event that are no data.
  bool hasEvents_ = false;
  bool hasData_ = false;
  bool skipLineFeed_ = false;  // The last byte was CR: an LF belongs to it.
  bool atStart_ = true;
};

}  // namespace rondo::streaming
