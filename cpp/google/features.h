#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

#include "google/model_family.h"

// What a request may use and a model, or a back-end, may refuse. Google's 400 is read into one of
// these in one place (google/request_fault.h); what a model takes is a set of them.

namespace rondo::google {

enum class Feature : std::uint8_t {
  // Settings.
  Thinking,
  ThinkingBudget,
  ThinkingLevel,
  Sampling,
  Penalties,
  SeveralCandidates,
  Logprobs,
  Seed,
  OutputLength,
  MediaResolution,
  ServiceTier,
  // Ways to say something, each of which has another.
  CallIds,
  JsonSchema,
  FinalModelTurn,
  SystemInstruction,
  ToolsWithJson,
  ThoughtSignatures,
  MediaInToolResults,
  // A text that is to be spoken, without words about what to do with it.
  BareSpeech,
  // What lies on the web and Google fetches, where we can fetch it as well.
  WebMedia,
  // Texts without a letter, which say nothing.
  EmptyText,
  // Tools that Google runs itself, alone and beside functions.
  HostedTools,
  HostedBesideFunctions,
  // Content that lies at Google's and is named by its address. Nothing stands in for it.
  StoredContent,
  // A cache of ours that stands for how the conversation begins.
  ContextCache,
};

class FeatureSet {
 public:
  constexpr FeatureSet() = default;
  constexpr FeatureSet(std::initializer_list<Feature> features) {
    for (const Feature feature : features) insert(feature);
  }

  constexpr void insert(Feature feature) { bits_ |= bit(feature); }
  constexpr void insert(FeatureSet others) { bits_ |= others.bits_; }
  constexpr bool has(Feature feature) const { return (bits_ & bit(feature)) != 0; }
  constexpr bool hasAll(FeatureSet others) const { return (others.bits_ & ~bits_) == 0; }
  constexpr bool empty() const { return bits_ == 0; }

  // Calls `see` with each of them, in the order of their declaration.
  template <class See>
  void forEach(See see) const {
    for (std::uint8_t i = 0; i < 32; ++i) {
      const auto feature = static_cast<Feature>(i);
      if (has(feature)) see(feature);
    }
  }

  friend constexpr bool operator==(const FeatureSet&, const FeatureSet&) = default;

 private:
  static constexpr std::uint32_t bit(Feature feature) {
    return std::uint32_t{1} << static_cast<std::uint8_t>(feature);
  }

  std::uint32_t bits_ = 0;
};

// What a body makes use of.
struct Uses {
  FeatureSet features;
  std::optional<ThinkingLevel> level;  // The one that was sent.
};

// Bounds that Google names, both taken.
struct Range {
  std::int64_t least = 0;
  std::int64_t most = 0;

  friend bool operator==(const Range&, const Range&) = default;
};

// One feature that Google refused.
struct RefusedFeature {
  Feature feature = Feature::Thinking;
  std::optional<Range> range = {};  // Of ThinkingBudget and OutputLength.
  // Of ThinkingLevel: one level is refused, not all.
  enum class Extent { Whole, OneValue } extent = Extent::Whole;

  friend bool operator==(const RefusedFeature&, const RefusedFeature&) = default;
};

// A setting of ours, which Google names by itself: what is found out about one holds for the model,
// whatever else a request holds. All other features are refused for what this request says.
bool isSetting(Feature feature);

// The word for `x-rondo-adjusted` when a request goes without the feature: "thinking_level".
std::string featureWord(Feature feature);

// What a model is known not to take, beyond what its family tells.
struct ModelLimits {
  FeatureSet refused;
  std::optional<ThinkingLevel> lowestLevel;
  std::optional<ThinkingLevel> highestLevel;
  std::optional<Range> budgets;
  std::optional<std::int64_t> mostOutput;

  friend bool operator==(const ModelLimits&, const ModelLimits&) = default;
};

// Whether the family, asked through that back-end, takes the feature.
bool takes(const ModelFamily& family, Backend backend, Feature feature);

// `limits` and what a refusal of a body that made these uses adds to them. Nothing when the body
// did not use what was refused, when it was made under that limit already, or when there is no
// doing without: it would be refused again.
std::optional<ModelLimits> limitsAfter(const ModelLimits& limits, const RefusedFeature& refused,
                                       const Uses& uses);

// Those of the limits that are among `features` and hold for later requests too: settings, and
// texts that say nothing, which nobody misses. What else a request says is that request's.
ModelLimits lastingOf(const ModelLimits& limits, FeatureSet features);

// `limits` with all that `others` say as well.
ModelLimits joined(ModelLimits limits, const ModelLimits& others);

}  // namespace rondo::google
