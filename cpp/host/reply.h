#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "http/message.h"

namespace rondo::host {

// The answer to one client request. Either `send` once, or `begin`, any number of `write`, `end`.
class Reply {
 public:
  virtual ~Reply() = default;

  virtual void send(http::Response response) = 0;

  virtual void begin(http::ResponseHead head) = 0;
  // Returns when the client's side has taken the bytes, so that a slow client slows the back-end
  // down instead of filling memory. Transient when the client is gone.
  virtual Task<Result<void>> write(std::string bytes) = 0;
  virtual void end() = 0;

  // What the request has cost in tokens, as far as Google counted them. At most once, also when the
  // client leaves.
  virtual void spent(std::int64_t /*tokens*/) {}
};

}  // namespace rondo::host
