#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "host/conversation_store.h"
#include "support/fake_host.h"

namespace rondo::fake {

// What is kept for one client. Several isolates may share what lies in it.
struct KeptForClient {
  std::map<std::string, std::string> signatures;  // By the id of the call.
  std::vector<host::Turn> turns;
  std::vector<host::Completion> completions;
};

class FakeMemory : public host::ConversationStore {
 public:
  FakeMemory(Loop& loop, KeptForClient& kept) : loop_(loop), kept_(kept) {}

  Task<Result<host::Recalled>> recall(host::Recall wanted) override {
    recalls.push_back(std::move(wanted));
    co_await answered();
    if (broken) co_return fail(lost());
    co_return recalled;
  }

  Task<Result<void>> keep(host::Turn turn) override {
    co_await answered();
    if (!broken) kept_.turns.push_back(std::move(turn));
    co_return done();
  }

  Task<Result<void>> keep(host::Completion completion) override {
    co_await answered();
    if (!broken) kept_.completions.push_back(std::move(completion));
    co_return done();
  }

  Task<Result<std::vector<std::string>>> signatures(std::vector<std::string> callIds) override {
    asked.push_back(callIds);
    co_await answered();
    if (broken) co_return fail(lost());
    std::vector<std::string> texts;
    for (const auto& id : callIds) {
      const auto found = kept_.signatures.find(id);
      texts.push_back(found == kept_.signatures.end() ? "" : found->second);
    }
    co_return texts;
  }

  void keepLater(std::vector<host::CallSignature> signatures) override {
    ++told;
    for (auto& [id, text] : signatures) kept_.signatures[id] = std::move(text);
  }

  bool broken = false;
  host::Recalled recalled;                      // What every request is told of earlier turns.
  std::vector<host::Recall> recalls;            // What was asked of them.
  std::vector<std::vector<std::string>> asked;  // The ids of each call for signatures.
  int told = 0;                                 // Calls to keep some.

 private:
  static Error lost() { return makeError(ErrorKind::Transient, "the object is lost"); }
  Result<void> done() const { return broken ? Result<void>(fail(lost())) : Result<void>(); }

  Task<void> answered() {
    Loop::Op op(loop_);
    op.complete();
    co_await op;
  }

  Loop& loop_;
  KeptForClient& kept_;
};

}  // namespace rondo::fake
