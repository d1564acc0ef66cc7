#pragma once

#include <utility>

#include "host/reply.h"

namespace rondo::gateway {

// Passes everything on, and remembers how the answer began, for the log.
class ObservedReply : public host::Reply {
 public:
  explicit ObservedReply(host::Reply& inner) : inner_(inner) {}

  void send(http::Response response) override {
    head_ = response.head;
    inner_.send(std::move(response));
  }
  void begin(http::ResponseHead head) override {
    head_ = head;
    inner_.begin(std::move(head));
  }
  Task<Result<void>> write(std::string bytes) override { return inner_.write(std::move(bytes)); }
  void end() override { inner_.end(); }

  const http::ResponseHead& head() const { return head_; }

 private:
  host::Reply& inner_;
  http::ResponseHead head_;
};

}  // namespace rondo::gateway
