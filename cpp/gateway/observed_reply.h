#pragma once

#include <string_view>
#include <utility>

#include "host/reply.h"

namespace rondo::gateway {

// Passes everything on, and remembers how the answer began and how far it came, for the log.
class ObservedReply : public host::Reply {
 public:
  explicit ObservedReply(host::Reply& inner) : inner_(inner) {}

  enum class Progress { Waiting, Begun, Ended };

  void send(http::Response response) override {
    progress_ = Progress::Ended;
    head_ = response.head;
    inner_.send(std::move(response));
  }
  void begin(http::ResponseHead head) override {
    progress_ = Progress::Begun;
    head_ = head;
    inner_.begin(std::move(head));
  }
  void beginPassed(http::ResponseHead head) override {
    progress_ = Progress::Begun;
    head_ = head;
    inner_.beginPassed(std::move(head));
  }
  Task<Result<void>> write(std::string bytes) override { return inner_.write(std::move(bytes)); }
  Task<Result<void>> ready() override { return inner_.ready(); }
  Task<Result<host::Piped>> pipe(host::Body& body, host::Transform& transform) override {
    return inner_.pipe(body, transform);
  }
  Task<Result<void>> pass(host::Body& body) override {
    auto passed = co_await inner_.pass(body);
    progress_ = Progress::Ended;
    co_return passed;
  }
  void end() override {
    progress_ = Progress::Ended;
    inner_.end();
  }
  void spent(std::int64_t tokens) override { inner_.spent(tokens); }

  // Of an answer that has not begun: status 499, as proxies call it when the client goes first.
  const http::ResponseHead& head() const { return head_; }
  Progress progress() const { return progress_; }
  std::string_view progressName() const {
    return progress_ == Progress::Waiting ? "before_answer" : "during_answer";
  }

 private:
  host::Reply& inner_;
  http::ResponseHead head_{499, {}};
  Progress progress_ = Progress::Waiting;
};

}  // namespace rondo::gateway
