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
constexpr std::array<Member, 12> kMembers = {{
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
}};

std::string plainName(const Node& key) { return google::plainName(key.string()); }

class Mend {
 public:
  Mend(std::string_view body, FeatureSet refused) : body_(body), refused_(refused) {}

  std::optional<std::string> run(const Node& root) {
    for (const auto& [key, value] : root.members()) {
      const auto name = plainName(key);
      if (name == "generationconfig") mendConfig(value);
      if (name == "contents" && refused_.has(Feature::ThoughtSignatures)) mendTurns(value);
    }
    return edits_.empty() ? std::nullopt : std::optional(std::move(edits_).applied(body_));
  }

 private:
  bool isRefused(std::string_view name) const {
    const auto known = std::ranges::find(kMembers, name, &Member::name);
    return known != kMembers.end() && refused_.has(known->feature);
  }

  // The settings without what is refused; nothing where they have none of it.
  std::optional<std::string> mended(const Node& config) const {
    bool isChanged = false;
    std::string text = "{";
    for (const auto& [key, value] : config.members()) {
      const auto name = plainName(key);
      const bool isLeftOut = isRefused(name);
      const auto inner = name == "thinkingconfig" ? mended(value) : std::nullopt;
      isChanged = isChanged || isLeftOut || inner;
      if (!isLeftOut) append(text, key, inner ? *inner : value.source());
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
  Edits edits_;
};

}  // namespace

bool canMend(Feature feature) {
  return feature == Feature::ThoughtSignatures || feature == Feature::ThinkingLevel ||
         std::ranges::find(kMembers, feature, &Member::feature) != kMembers.end();
}

std::optional<std::string> withoutRefused(std::string_view body, FeatureSet refused) {
  if (refused.empty()) return std::nullopt;
  json::Document document;
  if (!document.tryRead(body) || !document.root().isObject()) return std::nullopt;
  return Mend(body, refused).run(document.root());
}

}  // namespace rondo::translation
