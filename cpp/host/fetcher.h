#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "http/message.h"

namespace rondo::host {

// An answer's body that is still arriving. Destroying it closes the connection.
class Body {
 public:
  virtual ~Body() = default;

  // The next bytes, at least one; nothing at the end. Transient when the connection broke.
  virtual Task<Result<std::optional<std::string>>> read() = 0;
};

struct Fetched {
  http::ResponseHead head;
  std::unique_ptr<Body> body;
};

class Fetcher {
 public:
  virtual ~Fetcher() = default;

  // Gives the answer as soon as its head is there, whatever its status. Transient when there was
  // no answer. Destroying the task while it waits aborts the call.
  virtual Task<Result<Fetched>> fetch(http::Request request) = 0;
};

// All that is left of a body. Broken when it is longer than `limit` bytes.
Task<Result<std::string>> readAll(Body& body, std::size_t limit);

}  // namespace rondo::host
