#pragma once

#include <cstdint>
#include <optional>

#include "google/model_family.h"

namespace rondo::translation {

// What a model refused of late, beyond what its family tells. Kept by the gateway for each model in
// the isolate; `mend` adds to it, `translateRequest` obeys it.
struct ModelLimits {
  bool noThinkingConfig = false;
  bool noThinkingBudget = false;
  bool noSampling = false;
  bool noPenalties = false;
  bool noSeed = false;
  bool noLogprobs = false;
  bool noSeveralCandidates = false;
  bool noCallIds = false;
  bool noJsonSchema = false;  // Schemas are cleaned down to Google's own subset.
  bool noMediaResolution = false;
  bool noFinalModelTurn = false;
  bool noSystemInstruction = false;
  bool noToolsWithJson = false;
  bool noServiceTier = false;
  std::optional<google::ThinkingLevel> lowestLevel;
  std::optional<google::ThinkingLevel> highestLevel;
  std::optional<std::int64_t> leastBudget;
  std::optional<std::int64_t> mostBudget;
  std::optional<std::int64_t> mostOutput;

  friend bool operator==(const ModelLimits&, const ModelLimits&) = default;
};

}  // namespace rondo::translation
