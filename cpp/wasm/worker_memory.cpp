#include "wasm/worker_memory.h"

#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "wasm/abi.h"
#include "wasm/frame.h"
#include "wasm/texts.h"

namespace rondo::wasm {
namespace {

using host::Recalled;
using host::Turn;

Error broken() { return makeError(ErrorKind::Broken, "The worker sent a broken memory."); }

Recalled::Lack lackOf(std::string_view word) {
  if (word.empty()) return Recalled::Lack::Nothing;
  if (word == "response") return Recalled::Lack::Response;
  if (word == "conversation") return Recalled::Lack::Conversation;
  if (word == "item") return Recalled::Lack::Item;
  return Recalled::Lack::TooMuch;
}

// Texts: what is lacking and its name, how many items of earlier turns, those, and the named ones.
Result<Recalled> readRecalled(std::string_view bytes) {
  const auto read = readTexts(bytes);
  if (!read) return fail(read.error());
  const auto& texts = read->all;
  if (texts.size() < 3) return fail(broken());
  Recalled recalled;
  recalled.lack = lackOf(texts[0]);
  recalled.lacking = texts[1];
  std::size_t count = 0;
  const auto [end, fault] =
      std::from_chars(texts[2].data(), texts[2].data() + texts[2].size(), count);
  if (fault != std::errc() || count > texts.size() - 3) return fail(broken());
  const auto history = texts.begin() + 3;
  const auto items = history + static_cast<std::ptrdiff_t>(count);
  recalled.history.assign(history, items);
  recalled.items.assign(items, texts.end());
  return recalled;
}

// As memory/records.ts of the worker reads it.
std::string writeRecord(const Turn& turn) {
  const std::string count = std::to_string(turn.inputs.size());
  std::vector<std::string_view> texts{"response", turn.before, turn.behind, count};
  texts.insert(texts.end(), turn.inputs.begin(), turn.inputs.end());
  texts.insert(texts.end(), turn.outputs.begin(), turn.outputs.end());
  return writeTexts(texts);
}

std::string writeRecord(const host::Completion& completion) {
  std::vector<std::string_view> texts{"completion", completion.body, completion.metadata};
  texts.insert(texts.end(), completion.messages.begin(), completion.messages.end());
  return writeTexts(texts);
}

}  // namespace

Task<Result<std::string>> WorkerMemory::ask(json::Value head, std::string body) {
  Op op(ops_, req_);
  const std::string frame = writeFrame(head, body);
  host_memory(req_, op.id(), frame.data(), static_cast<std::uint32_t>(frame.size()));
  co_await op;
  auto answer = answerOf(op);
  if (!answer) co_return fail(answer.error());
  co_return std::move(*answer).value_or(std::string());
}

Task<Result<Recalled>> WorkerMemory::recall(host::Recall asked) {
  json::Value head{{"do", "recall"},
                   {"previous", std::move(asked.previous)},
                   {"conversation", std::move(asked.conversation)},
                   {"items", std::move(asked.items)}};
  const auto answer = co_await ask(std::move(head), {});
  if (!answer) co_return fail(answer.error());
  co_return readRecalled(*answer);
}

Task<Result<void>> WorkerMemory::keep(Turn turn) {
  json::Value head{{"do", "keep"},
                   {"id", turn.id},
                   {"previous", turn.previous},
                   {"conversation", turn.conversation},
                   {"stores", turn.kept == Turn::Kept::Stored}};
  const auto answer = co_await ask(std::move(head), writeRecord(turn));
  if (!answer) co_return fail(answer.error());
  co_return Result<void>();
}

Task<Result<void>> WorkerMemory::keep(host::Completion completion) {
  json::Value head{{"do", "keep_completion"}, {"id", completion.id}};
  const auto answer = co_await ask(std::move(head), writeRecord(completion));
  if (!answer) co_return fail(answer.error());
  co_return Result<void>();
}

Task<Result<std::vector<std::string>>> WorkerMemory::signatures(std::vector<std::string> callIds) {
  const std::size_t count = callIds.size();
  json::Value head{{"do", "signatures"}, {"calls", std::move(callIds)}};
  const auto answer = co_await ask(std::move(head), {});
  if (!answer) co_return fail(answer.error());
  const auto texts = readTexts(*answer);
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
  const std::string frame = writeFrame(head, writeTexts(texts));
  host_memory(req_, 0, frame.data(), static_cast<std::uint32_t>(frame.size()));
}

}  // namespace rondo::wasm
