#pragma once

#include "base/owned_bytes.h"
#include "base/result.h"
#include "base/task.h"

namespace rondo::host {

// The body of a client's request that goes on to Google as it came: the host holds it, and sends it
// with each fetch that says so.
class HeldBody {
 public:
  virtual ~HeldBody() = default;

  // Its bytes, which the host goes on to hold. Transient when it can't be had again: it was sent on
  // while it came.
  virtual Task<Result<OwnedBytes>> read() = 0;
};

}  // namespace rondo::host
