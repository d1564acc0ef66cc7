#include "translation/choice_state.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace rondo::translation {
namespace {

auto key(const conversation::Citation& citation) {
  return std::tie(citation.start, citation.end, citation.url);
}

}  // namespace

PartKind kindOf(const google::Part& part) {
  if (!std::holds_alternative<google::TextPart>(part.data)) return PartKind::Other;
  return part.isThought ? PartKind::Thought : PartKind::Text;
}

void ChoiceState::beginPart(PartKind kind, PartPlace place) {
  const bool goesOn = place == PartPlace::First && kind != PartKind::Other && kind == last;
  if (!goesOn) offsets.beginPart();
  last = kind;
}

void ChoiceState::addText(const json::Text& text) {
  const json::PlainText plain(text);
  hasContent = true;
  endsLine = plain.view().ends_with('\n');
  offsets.addText(plain.view());
}

std::size_t ChoiceState::cite(std::vector<google::Citation> more, std::size_t room) {
  const std::size_t before = citations_.size();
  for (google::Citation& each : more) {
    if (citations_.size() - before == room) break;
    const bool isNew = cited_.emplace(each.start, each.end, each.part, each.uri).second;
    if (isNew) citations_.push_back(std::move(each));
  }
  return citations_.size() - before;
}

std::vector<conversation::Citation> ChoiceState::citations() const {
  using Edge = TextOffsets::Edge;
  std::vector<conversation::Citation> result;
  result.reserve(citations_.size());
  for (const google::Citation& each : citations_) {
    const std::int64_t start = offsets.codePoint(each.start, each.part, Edge::Begin);
    const std::int64_t end = offsets.codePoint(each.end, each.part, Edge::End);
    result.push_back({start, std::max(start, end), each.uri, each.title});
  }
  std::ranges::stable_sort(result, [](const auto& a, const auto& b) { return key(a) < key(b); });
  const auto repeated =
      std::ranges::unique(result, [](const auto& a, const auto& b) { return key(a) == key(b); });
  result.erase(repeated.begin(), repeated.end());
  return result;
}

}  // namespace rondo::translation
