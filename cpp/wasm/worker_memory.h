#pragma once

#include <string>
#include <vector>

#include "host/conversation_store.h"
#include "json/value.h"
#include "wasm/ops.h"

namespace rondo::wasm {

// One request's way to what is kept for its client. The worker seals, and knows whose it is.
class WorkerMemory : public host::ConversationStore {
 public:
  WorkerMemory(OpTable& ops, std::uint32_t req) : ops_(ops), req_(req) {}

  Task<Result<host::Recalled>> recall(host::Recall asked) override;
  Task<Result<void>> keep(host::Turn turn) override;
  Task<Result<void>> keep(host::Completion completion) override;
  Task<Result<std::vector<std::string>>> signatures(std::vector<std::string> callIds) override;
  void keepLater(std::vector<host::CallSignature> signatures) override;

 private:
  Task<Result<std::string>> ask(json::Value head, std::string body);

  OpTable& ops_;
  std::uint32_t req_;
};

}  // namespace rondo::wasm
