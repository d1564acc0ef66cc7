#include "translation/native_mend.h"

#include <algorithm>
#include <array>
#include <utility>

#include "google/plain_name.h"
#include "json/document.h"
#include "json/writer.h"
#include "translation/edits.h"
#include "translation/signatures.h"

namespace rondo::translation {
namespace {

using google::Feature;
using google::FeatureSet;
using json::Node;

struct Member {
  std::string_view name;  // Without underscores, lower case.
  Feature feature;
};

// Of `generationConfig` and its `thinkingConfig`.
constexpr std::array<Member, 13> kMembers = {{
    {"temperature", Feature::Sampling},
    {"topp", Feature::Sampling},
    {"topk", Feature::Sampling},
    {"presencepenalty", Feature::Penalties},
    {"frequencypenalty", Feature::Penalties},
    {"candidatecount", Feature::SeveralCandidates},
    {"responselogprobs", Feature::Logprobs},
    {"logprobs", Feature::Logprobs},
    {"seed", Feature::Seed},
    {"mediaresolution", Feature::MediaResolution},
    {"thinkingconfig", Feature::Thinking},
    {"thinkingbudget", Feature::ThinkingBudget},
    {"thinkinglevel", Feature::ThinkingLevel},
}};

std::string plainName(const Node& key) { return google::plainName(key.string()); }

class Mend {
 public:
  Mend(std::string_view body, FeatureSet refused) : body_(body), refused_(refused) {}

  std::optional<Mended> run(const Node& root) {
    for (const auto& [key, value] : root.members()) {
      const auto name = plainName(key);
      if (name == "generationconfig") mendConfig(value);
      if (name == "contents" && refused_.has(Feature::ThoughtSignatures)) mendTurns(value);
    }
    if (edits_.empty()) return std::nullopt;
    return Mended{std::move(edits_).applied(body_), leftOut_};
  }

 private:
  bool leavesOut(std::string_view name) {
    const auto known = std::ranges::find(kMembers, name, &Member::name);
    if (known == kMembers.end() || !refused_.has(known->feature)) return false;
    leftOut_.insert(known->feature);
    return true;
  }

  // The settings without what is refused; nothing where they have none of it.
  std::optional<std::string> mended(const Node& config) {
    bool isChanged = false;
    std::string text = "{";
    for (const auto& [key, value] : config.members()) {
      const auto name = plainName(key);
      const bool isLeftOut = leavesOut(name);
      const bool mayHold = name == "thinkingconfig" && !isLeftOut;
      const auto inner = mayHold ? mended(value) : std::nullopt;
      isChanged = isChanged || isLeftOut || inner;
      if (!isLeftOut && inner != "{}") append(text, key, inner ? *inner : value.source());
    }
    return isChanged ? std::optional(text + "}") : std::nullopt;
  }

  void mendConfig(const Node& config) {
    if (auto text = mended(config)) replace(config, std::move(*text));
  }

  void mendTurns(const Node& turns) {
    for (const auto& turn : turns.elements()) {
      for (const auto& [key, parts] : turn.members()) {
        if (plainName(key) != "parts") continue;
        for (const auto& part : parts.elements()) mendPart(part);
      }
    }
  }

  // A call has the stand-in, and nothing else a signature.
  void mendPart(const Node& part) {
    bool isCall = false;
    bool isSigned = false;
    std::string text = "{";
    for (const auto& [key, value] : part.members()) {
      const auto name = plainName(key);
      isCall = isCall || name == "functioncall";
      isSigned = isSigned || name == "thoughtsignature";
      if (name != "thoughtsignature") append(text, key, value.source());
    }
    if (!isCall && !isSigned) return;
    leftOut_.insert(Feature::ThoughtSignatures);
    if (isCall) {
      if (text.size() > 1) text += ',';
      text.append("\"thoughtSignature\":");
      json::appendQuoted(text, kDummySignature);
    }
    replace(part, text + "}");
  }

  static void append(std::string& text, const Node& key, std::string_view value) {
    if (text.size() > 1) text += ',';
    json::appendQuoted(text, key.string());
    text.append(":").append(value);
  }

  void replace(const Node& node, std::string text) {
    edits_.replace(node.offset(), node.source().size(), std::move(text));
  }

  std::string_view body_;
  FeatureSet refused_;
  FeatureSet leftOut_;
  Edits edits_;
};

// Whether a part is a text without a letter, and nothing else.
bool saysNothing(const Node& part) {
  std::size_t members = 0;
  bool isEmptyText = false;
  for (const auto& [key, value] : part.members()) {
    ++members;
    isEmptyText = key.text() == "text" && value.isString() && value.text().empty();
  }
  return members == 1 && isEmptyText;
}

// The elements that `write` gives something for, as an array; nothing when that is all of them, as
// they are.
template <class Write>
std::optional<std::string> rewritten(const Node& array, Write write) {
  bool isChanged = false;
  std::string text = "[";
  for (const auto& element : array.elements()) {
    const std::optional<std::string> kept = write(element);
    isChanged = isChanged || !kept || *kept != element.source();
    if (!kept) continue;
    if (text.size() > 1) text += ',';
    text += *kept;
  }
  return isChanged ? std::optional(text + "]") : std::nullopt;
}

// A turn without parts that say nothing. None when nothing is left of it.
std::optional<std::string> spokenTurn(const Node& turn) {
  Edits edits;
  for (const auto& [key, parts] : turn.members()) {
    if (plainName(key) != "parts") continue;
    const auto kept = rewritten(parts, [](const Node& part) {
      return saysNothing(part) ? std::nullopt : std::optional(std::string(part.source()));
    });
    if (kept == "[]") return std::nullopt;
    const std::size_t begin = parts.offset() - turn.offset();
    if (kept) edits.replace(begin, parts.source().size(), *kept);
  }
  return std::move(edits).applied(turn.source());
}

std::optional<std::string> withoutEmptyTexts(std::string_view body, const Node& root) {
  Edits edits;
  for (const auto& [key, turns] : root.members()) {
    if (plainName(key) != "contents") continue;
    const auto kept = rewritten(turns, spokenTurn);
    if (kept && kept != "[]") edits.replace(turns.offset(), turns.source().size(), *kept);
  }
  return edits.empty() ? std::nullopt : std::optional(std::move(edits).applied(body));
}

}  // namespace

bool canMend(Feature feature) {
  return feature == Feature::ThoughtSignatures || feature == Feature::EmptyText ||
         std::ranges::find(kMembers, feature, &Member::feature) != kMembers.end();
}

std::optional<Mended> withoutRefused(std::string_view body, FeatureSet refused) {
  if (refused.empty()) return std::nullopt;
  json::Document document;
  if (!document.tryRead(body) || !document.root().isObject()) return std::nullopt;
  auto mended = Mend(body, refused).run(document.root());
  if (!refused.has(Feature::EmptyText)) return mended;
  // A text without a letter may have had nothing but a signature beside it.
  const std::string_view text = mended ? std::string_view(mended->body) : body;
  json::Document again;
  if (!again.tryRead(text)) return mended;
  auto spoken = withoutEmptyTexts(text, again.root());
  if (!spoken) return mended;
  FeatureSet leftOut = mended ? mended->leftOut : FeatureSet();
  leftOut.insert(Feature::EmptyText);
  return Mended{std::move(*spoken), leftOut};
}

}  // namespace rondo::translation
