#pragma once

#include <string>
#include <string_view>

#include "gateway/services.h"
#include "gateway/watch.h"

namespace rondo::gateway {

// The way of a streamed answer to its client. Begins when there is something to say, or when
// nothing was for so long that clients and proxies would hang up: then with `comment`, which says
// nothing, so that another credential may still be tried.
class StreamReply : public Watch::Silence {
 public:
  // `exchange` outlives it, and so does what `comment` borrows.
  StreamReply(Exchange& exchange, std::string_view type, std::string_view comment);
  ~StreamReply() override;
  StreamReply(const StreamReply&) = delete;
  StreamReply& operator=(const StreamReply&) = delete;

  bool hasBegun() const { return hasBegun_; }

  // The head. Nothing when it has gone out already.
  void begin(http::Headers headers);
  // Both return when the client's side has room for more, and give whether it is still there.
  Task<bool> write(std::string bytes);
  Task<bool> ready();
  void end() { exchange_.reply.end(); }

  Task<void> breakSilence() override;

 private:
  Exchange& exchange_;
  std::string_view type_;
  std::string_view comment_;
  bool hasBegun_ = false;
};

}  // namespace rondo::gateway
