#pragma once

#include <coroutine>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/owned_bytes.h"
#include "base/result.h"
#include "host/transform.h"
#include "wasm/abi.h"

namespace rondo::wasm {

class Op;

// All ops that wait for the worker's answer, by their id.
class OpTable {
 public:
  // Resumes the coroutine that waits for `op` and returns the request it belongs to, or 0 when
  // there is no such op any more.
  std::uint32_t complete(std::uint32_t op, OpStatus status, OwnedBytes bytes);

  // What the transform of the pipe `op` gives for `bytes`. Nothing when it takes no more, or there
  // is no such op any more.
  std::optional<std::string_view> feed(std::uint32_t op, std::string_view bytes);

  std::uint32_t size() const { return static_cast<std::uint32_t>(ops_.size()); }

 private:
  friend class Op;
  std::unordered_map<std::uint32_t, Op*> ops_;
  std::uint32_t lastId_ = 0;
};

// One pending op. It lives in the frame of the coroutine that awaits it; when that frame is
// destroyed first, the op is taken off the table and the worker told to drop it.
class Op {
 public:
  Op(OpTable& table, std::uint32_t req) : Op(table, req, nullptr) {}
  // A pipe. `transform` outlives it.
  Op(OpTable& table, std::uint32_t req, host::Transform& transform) : Op(table, req, &transform) {}
  Op(const Op&) = delete;
  Op& operator=(const Op&) = delete;
  ~Op();

  std::uint32_t id() const { return id_; }
  OpStatus status() const { return status_; }
  OwnedBytes takeBytes() { return std::move(bytes_); }
  std::string text() const { return std::string(bytes_.view()); }

  // The answer never comes before the import has returned, so it is always worth suspending.
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> waiting) { waiting_ = waiting; }
  void await_resume() const {}

 private:
  friend class OpTable;

  Op(OpTable& table, std::uint32_t req, host::Transform* transform);

  OpTable& table_;
  std::uint32_t req_;
  host::Transform* transform_;
  std::uint32_t id_;
  OpStatus status_ = OpStatus::Failed;
  bool completed_ = false;
  OwnedBytes bytes_;
  std::coroutine_handle<> waiting_;
};

// What a finished op brought: the bytes, nothing for None, a Transient error when it failed.
Result<std::optional<std::string>> answerOf(Op& op);

}  // namespace rondo::wasm
