#include "frames/records.h"

#include <vector>

#include "frames/numbers.h"
#include "frames/texts.h"

namespace rondo::frames {
namespace {

using host::Recalled;

Error broken() { return makeError(ErrorKind::Broken, "The worker sent a broken memory."); }

// The texts that are there in any case.
enum RecalledText : std::size_t { LackWord, Lacking, HistoryCount };
constexpr std::size_t kRecalledTexts = HistoryCount + 1;

Recalled::Lack lackOf(std::string_view word) {
  if (word.empty()) return Recalled::Lack::Nothing;
  if (word == "response") return Recalled::Lack::Response;
  if (word == "conversation") return Recalled::Lack::Conversation;
  if (word == "item") return Recalled::Lack::Item;
  return Recalled::Lack::TooMuch;
}

}  // namespace

Result<Recalled> readRecalled(std::string_view bytes) {
  const auto read = readTexts(bytes);
  if (!read) return fail(read.error());
  const auto& texts = read->all;
  if (texts.size() < kRecalledTexts) return fail(broken());
  const auto count = readDecimal(texts[HistoryCount]);
  if (!count || *count > texts.size() - kRecalledTexts) return fail(broken());
  const auto history = texts.begin() + kRecalledTexts;
  const auto items = history + static_cast<std::ptrdiff_t>(*count);
  Recalled recalled;
  recalled.lack = lackOf(texts[LackWord]);
  recalled.lacking = texts[Lacking];
  recalled.history.assign(history, items);
  recalled.items.assign(items, texts.end());
  return recalled;
}

std::string writeRecord(const host::Turn& turn) {
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

}  // namespace rondo::frames
