#pragma once

#include "host/board.h"
#include "wasm/pool_object.h"

namespace rondo::wasm {

// The board over the Durable Object POOL.
class WorkerBoard : public host::Board {
 public:
  explicit WorkerBoard(PoolObject& object) : object_(object) {}

  void addLater(std::string rows) override;
  Task<Result<std::string>> sums(Span span) override;
  Task<bool> isFirst(std::string saying, Instant until) override;
  void forget(std::string saying) override;

 private:
  PoolObject& object_;
};

}  // namespace rondo::wasm
