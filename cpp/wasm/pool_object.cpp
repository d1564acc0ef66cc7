#include "wasm/pool_object.h"

#include "frames/frame.h"

namespace rondo::wasm {

void PoolObject::count(const json::Value& head) {
  recorder_.count(telemetry::Event::Object, json::findString(head, "do").value_or(""));
}

Task<Result<std::optional<std::string>>> PoolObject::ask(json::Value head, std::string body) {
  count(head);
  Op op(ops_, req_);
  const std::string frame = frames::writeFrame(head, body);
  host_pool(req_, op.id(), frame.data(), static_cast<std::uint32_t>(frame.size()));
  co_await op;
  co_return answerOf(op);
}

void PoolObject::tell(const json::Value& head, std::string_view body) {
  count(head);
  const std::string frame = frames::writeFrame(head, body);
  host_pool(req_, 0, frame.data(), static_cast<std::uint32_t>(frame.size()));
}

}  // namespace rondo::wasm
