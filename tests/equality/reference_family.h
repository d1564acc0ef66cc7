#pragma once

#include <cstdint>
#include <string>

#include "google/backend.h"

// What the models that are tried here take, written down one by one from Google's documents; no
// rule of google::ModelFamily is used.

namespace rondo::equality {

enum class Thinking { None, Budget, Level };

struct Family {
  // Thinking. Levels are ranks, from 1, MINIMAL, to 5, XHIGH.
  Thinking thinking = Thinking::None;
  bool takesBudgetToo = false;  // Of those with levels.
  std::int64_t leastBudget = 0;
  std::int64_t mostBudget = 0;
  bool canBeOff = false;
  bool thinksByItself = true;
  int lowestLevel = 0;
  int highestLevel = 0;

  // Settings.
  bool takesSampling = false;
  bool takesPenaltiesOnGemini = false;
  bool takesPenaltiesOnVertex = false;
  bool takesSeveralCandidates = false;
  std::int64_t mostWhole = 65536;  // Of an answer's tokens.
  std::int64_t mostStreamed = 65536;

  // Contents and tools.
  bool takesJsonSchema = true;
  bool hasSearch = true;
  bool takesSystemInstruction = true;
  bool takesFinalModelTurn = false;
  bool isOfGemini3 = false;  // Ids of calls and all that came with them.

  bool takesPenalties(google::Backend backend) const {
    return backend == google::Backend::Vertex ? takesPenaltiesOnVertex : takesPenaltiesOnGemini;
  }
  bool takesHttpsMedia(google::Backend backend) const {
    return backend == google::Backend::Vertex || isOfGemini3;
  }
};

// The models that have a family here.
inline constexpr const char* kModels[] = {
    "gemini-1.5-flash",      "gemini-2.0-flash",       "gemini-2.5-pro", "gemini-2.5-flash",
    "gemini-2.5-flash-lite", "gemini-3-flash-preview", "gemini-3.1-pro", "gemini-3.8-flash",
    "gemini-4-argon",        "gemini-4-hydrogen",      "gemma-3-27b-it", "gemma-4-9b-it",
};

const Family& familyOf(const std::string& model);

}  // namespace rondo::equality
