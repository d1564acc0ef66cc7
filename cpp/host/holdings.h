#pragma once

#include <cstddef>

namespace rondo::host {

// A request's part of the memory that the requests of an isolate share (MAX_BODY_BYTES_TOTAL). It
// begins with the request's body.
class Holdings {
 public:
  virtual ~Holdings() = default;

  // From now on the request holds so many bytes in all. Whether there is room; when there is none,
  // nothing changes. Less than before always is.
  virtual bool hold(std::size_t bytes) = 0;
};

}  // namespace rondo::host
