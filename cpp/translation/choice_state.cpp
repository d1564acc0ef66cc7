#include "translation/choice_state.h"

#include <algorithm>
#include <tuple>
#include <variant>

namespace rondo::translation {
namespace {

auto key(const openai::UrlCitation& citation) {
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

std::vector<openai::UrlCitation> ChoiceState::annotations() const {
  std::vector<openai::UrlCitation> result;
  result.reserve(citations.size());
  for (const google::Citation& citation : citations) {
    result.push_back({offsets.codePoint(citation.start, citation.part),
                      offsets.codePoint(citation.end, citation.part), citation.uri,
                      citation.title});
  }
  std::ranges::sort(result, [](const auto& a, const auto& b) { return key(a) < key(b); });
  const auto repeated =
      std::ranges::unique(result, [](const auto& a, const auto& b) { return key(a) == key(b); });
  result.erase(repeated.begin(), repeated.end());
  return result;
}

}  // namespace rondo::translation
