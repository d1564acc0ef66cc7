#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/owned_bytes.h"
#include "base/result.h"
#include "base/task.h"
#include "http/message.h"

namespace rondo::host {

// The next bytes of a body: at least one, unless its end is reached.
struct Chunk {
  enum class End { Open, Reached };

  OwnedBytes bytes;
  End end = End::Open;

  bool isLast() const { return end == End::Reached; }
};

// How much to wait for. What is read at once costs less than what is read piece by piece.
enum class ReadSize {
  AnyBytes,  // Whatever has come.
  Large,     // Some 64 KB, or less at the end.
  Whole,     // All of it at once, however much that is: for those only who can be trusted with it.
};

// An answer's body that is still arriving. Destroying it closes the connection.
class Body {
 public:
  virtual ~Body() = default;

  // Transient when the connection broke. Behind the last chunk there is nothing to read.
  virtual Task<Result<Chunk>> read(ReadSize size) = 0;
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
