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

void ChoiceState::beginPart(const google::Part& part, PartPlace place) {
  const bool isText = std::holds_alternative<google::TextPart>(part.data);
  const bool goesOn =
      place == PartPlace::First && isText && lastWasText && part.isThought == lastWasThought;
  if (!goesOn) offsets.beginPart();
  lastWasText = isText;
  lastWasThought = part.isThought;
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
