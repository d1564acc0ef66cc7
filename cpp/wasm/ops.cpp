#include "wasm/ops.h"

namespace rondo::wasm {

std::uint32_t OpTable::complete(std::uint32_t op, OpStatus status, OwnedBytes bytes) {
  const auto found = ops_.find(op);
  if (found == ops_.end()) return 0;
  Op& pending = *found->second;
  ops_.erase(found);
  const auto req = pending.req_;
  pending.completed_ = true;
  pending.status_ = status;
  pending.bytes_ = std::move(bytes);
  pending.waiting_.resume();  // may destroy `pending`
  return req;
}

std::optional<std::string_view> OpTable::feed(std::uint32_t op, std::string_view bytes) {
  const auto found = ops_.find(op);
  if (found == ops_.end() || !found->second->transform_) return std::nullopt;
  return found->second->transform_->feed(bytes);
}

Op::Op(OpTable& table, std::uint32_t req, host::Transform* transform)
    : table_(table), req_(req), transform_(transform) {
  // 0 means "no op", and an id that is still in use after 2^32 others is skipped.
  do {
    id_ = ++table_.lastId_;
  } while (id_ == 0 || table_.ops_.contains(id_));
  table_.ops_.emplace(id_, this);
}

Op::~Op() {
  if (completed_) return;
  table_.ops_.erase(id_);
  host_abort(req_, id_);
}

Result<std::optional<std::string>> answerOf(Op& op) {
  if (op.status() == OpStatus::None) return std::optional<std::string>();
  if (op.status() != OpStatus::Ok) return fail(makeError(ErrorKind::Transient, op.text()));
  return op.text();
}

}  // namespace rondo::wasm
