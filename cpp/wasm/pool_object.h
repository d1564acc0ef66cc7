#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "json/value.h"
#include "telemetry/recorder.h"
#include "wasm/ops.h"

namespace rondo::wasm {

// One request's way to the Durable Object POOL. Every call is counted.
class PoolObject {
 public:
  // Both outlive it.
  PoolObject(OpTable& ops, std::uint32_t req, telemetry::Recorder& recorder)
      : ops_(ops), req_(req), recorder_(recorder) {}

  // The object's answer; nothing for None. Transient when it failed.
  Task<Result<std::optional<std::string>>> ask(json::Value head, std::string body);

  // Wants no answer.
  void tell(const json::Value& head, std::string_view body = {});

 private:
  void count(const json::Value& head);

  OpTable& ops_;
  std::uint32_t req_;
  telemetry::Recorder& recorder_;
};

}  // namespace rondo::wasm
