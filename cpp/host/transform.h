#pragma once

#include <optional>
#include <string_view>

namespace rondo::host {

// What turns a body into an answer on its way through, piece by piece. It is called in the middle
// of the host's I/O, and waits for nothing.
class Transform {
 public:
  virtual ~Transform() = default;

  // What goes to the client for the next bytes: it may be empty, and is good until the next call.
  // Nothing: it takes no more.
  virtual std::optional<std::string_view> feed(std::string_view bytes) = 0;
};

}  // namespace rondo::host
