#include "translation/choice_state.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "google/answer_sources.h"

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

void ChoiceState::searched(google::Searches more) {
  for (std::string& query : more.queries) {
    if (searches_.queries.size() == google::kMaxCitations) break;
    if (queries_.insert(query).second) searches_.queries.push_back(std::move(query));
  }
  for (google::WebSource& source : more.sources) {
    if (searches_.sources.size() == google::kMaxCitations) break;
    if (pages_.insert(source.uri).second) searches_.sources.push_back(std::move(source));
  }
}

std::optional<conversation::WebSearch> ChoiceState::searches() const {
  if (searches_.queries.empty() && searches_.sources.empty()) return std::nullopt;
  conversation::WebSearch search{searches_.queries, {}};
  for (const auto& [uri, title] : searches_.sources) search.sources.push_back({uri, title});
  return search;
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
