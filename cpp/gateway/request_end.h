#pragma once

#include "gateway/observed_reply.h"
#include "gateway/services.h"

namespace rondo::gateway {

// What remains of a request: what it has cost, its one log line, its place in the list of requests
// and what is counted of it. Comes when it has been answered, or when its client leaves, which
// destroys the frame that this lives in.
class RequestEnd {
 public:
  RequestEnd(Exchange& exchange, ObservedReply& reply) : exchange_(exchange), reply_(reply) {}
  RequestEnd(const RequestEnd&) = delete;
  RequestEnd& operator=(const RequestEnd&) = delete;
  ~RequestEnd();

 private:
  bool hasClientLeft() const;
  host::LogRecord fields(Instant now) const;
  telemetry::RequestEntry entry(Instant now);
  void count(const telemetry::RequestEntry& entry);

  Exchange& exchange_;
  ObservedReply& reply_;
};

}  // namespace rondo::gateway
