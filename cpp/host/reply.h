#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/task.h"
#include "host/fetcher.h"
#include "host/transform.h"
#include "http/message.h"

namespace rondo::host {

// Why a body is piped no further.
enum class Piped {
  ToItsEnd,
  Paused,  // The transform takes no more, or the client's side has no room: see `Reply::ready`.
};

// The answer to one client request. Either `send` once, or `begin`, any number of `write` and
// `pipe`, and `end` or `pass`.
class Reply {
 public:
  virtual ~Reply() = default;

  virtual void send(http::Response response) = 0;

  virtual void begin(http::ResponseHead head) = 0;
  // The same where a body will be passed, which spares work where nothing is written in front, or
  // where nobody here reads what the answer has cost: its end tells.
  virtual void beginPassed(http::ResponseHead head) { begin(std::move(head)); }
  // Returns when the client's side has room for more, so that a slow client slows the back-end down
  // instead of filling memory. Transient when the client is gone.
  virtual Task<Result<void>> write(std::string bytes) = 0;
  // The same, with nothing to write.
  virtual Task<Result<void>> ready() = 0;
  // Reads `body` as it comes, feeds it to `transform` and writes what that gives. All of it goes by
  // without the caller, who is resumed when it can't go on: all that was read by then has been fed
  // and written. Transient when the body's connection broke. Destroying the task ends it.
  virtual Task<Result<Piped>> pipe(Body& body, Transform& transform) = 0;
  // What is left of `body` goes to the client without a look at it, and ends the answer. Transient
  // when its connection broke: then so has the client's. Destroying the task ends both.
  virtual Task<Result<void>> pass(Body& body) = 0;
  virtual void end() = 0;

  // What the request has cost in tokens, as far as Google counted them. At most once, also when the
  // client leaves.
  virtual void spent(std::int64_t /*tokens*/) {}
};

}  // namespace rondo::host
