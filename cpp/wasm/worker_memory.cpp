#include "wasm/worker_memory.h"

#include <string_view>
#include <utility>
#include <vector>

#include "frames/frame.h"
#include "frames/records.h"
#include "frames/texts.h"
#include "wasm/abi.h"

namespace rondo::wasm {
namespace {

Error broken() { return makeError(ErrorKind::Broken, "The worker sent a broken memory."); }

}  // namespace

Task<Result<std::string>> WorkerMemory::ask(json::Value head, std::string body) {
  Op op(ops_, req_);
  const std::string frame = frames::writeFrame(head, body);
  host_memory(req_, op.id(), frame.data(), static_cast<std::uint32_t>(frame.size()));
  co_await op;
  auto answer = answerOf(op);
  if (!answer) co_return fail(answer.error());
  co_return std::move(*answer).value_or(std::string());
}

Task<Result<host::Recalled>> WorkerMemory::recall(host::Recall asked) {
  json::Value head{{"do", "recall"},
                   {"previous", std::move(asked.previous)},
                   {"conversation", std::move(asked.conversation)},
                   {"items", std::move(asked.items)}};
  const auto answer = co_await ask(std::move(head), {});
  if (!answer) co_return fail(answer.error());
  co_return frames::readRecalled(*answer);
}

Task<Result<void>> WorkerMemory::keep(host::Turn turn) {
  json::Value head{{"do", "keep"},
                   {"id", turn.id},
                   {"previous", turn.previous},
                   {"conversation", turn.conversation},
                   {"stores", turn.kept == host::Turn::Kept::Stored}};
  const auto answer = co_await ask(std::move(head), frames::writeRecord(turn));
  if (!answer) co_return fail(answer.error());
  co_return Result<void>();
}

Task<Result<void>> WorkerMemory::keep(host::Completion completion) {
  json::Value head{{"do", "keep_completion"}, {"id", completion.id}};
  const auto answer = co_await ask(std::move(head), frames::writeRecord(completion));
  if (!answer) co_return fail(answer.error());
  co_return Result<void>();
}

Task<Result<std::vector<std::string>>> WorkerMemory::signatures(std::vector<std::string> callIds) {
  const std::size_t count = callIds.size();
  json::Value head{{"do", "signatures"}, {"calls", std::move(callIds)}};
  const auto answer = co_await ask(std::move(head), {});
  if (!answer) co_return fail(answer.error());
  const auto texts = frames::readTexts(*answer);
  if (!texts || texts->all.size() != count) co_return fail(broken());
  co_return std::vector<std::string>(texts->all.begin(), texts->all.end());
}

void WorkerMemory::keepLater(std::vector<host::CallSignature> signatures) {
  std::vector<std::string> callIds;
  std::vector<std::string_view> texts;
  for (auto& [callId, text] : signatures) {
    callIds.push_back(std::move(callId));
    texts.emplace_back(text);
  }
  json::Value head{{"do", "keep_signatures"}, {"calls", std::move(callIds)}};
  const std::string frame = frames::writeFrame(head, frames::writeTexts(texts));
  host_memory(req_, 0, frame.data(), static_cast<std::uint32_t>(frame.size()));
}

}  // namespace rondo::wasm
