#include "equality/reference_family.h"

#include <map>

namespace rondo::equality {
namespace {

constexpr Family kGemini15 = {.takesSampling = true,
                              .takesPenaltiesOnGemini = true,
                              .takesPenaltiesOnVertex = true,
                              .takesSeveralCandidates = true,
                              .takesJsonSchema = false,
                              .hasSearch = false,
                              .takesFinalModelTurn = true};

constexpr Family kGemini20 = {.takesSampling = true,
                              .takesPenaltiesOnGemini = true,
                              .takesPenaltiesOnVertex = true,
                              .takesSeveralCandidates = true,
                              .takesFinalModelTurn = true};

constexpr Family kGemini25Pro = {.thinking = Thinking::Budget,
                                 .leastBudget = 128,
                                 .mostBudget = 32768,
                                 .takesSampling = true,
                                 .takesPenaltiesOnVertex = true,
                                 .takesSeveralCandidates = true,
                                 .takesFinalModelTurn = true};

constexpr Family kGemini25Flash = {.thinking = Thinking::Budget,
                                   .leastBudget = 1,
                                   .mostBudget = 24576,
                                   .canBeOff = true,
                                   .takesSampling = true,
                                   .takesPenaltiesOnVertex = true,
                                   .takesSeveralCandidates = true,
                                   .takesFinalModelTurn = true};

constexpr Family kGemini25FlashLite = {.thinking = Thinking::Budget,
                                       .leastBudget = 512,
                                       .mostBudget = 24576,
                                       .canBeOff = true,
                                       .thinksByItself = false,
                                       .takesSampling = true,
                                       .takesPenaltiesOnVertex = true,
                                       .takesSeveralCandidates = true,
                                       .takesFinalModelTurn = true};

constexpr Family kGemini3Flash = {.thinking = Thinking::Level,
                                  .takesBudgetToo = true,
                                  .lowestLevel = 1,
                                  .highestLevel = 4,
                                  .takesSampling = true,
                                  .takesFinalModelTurn = true,
                                  .isOfGemini3 = true};

constexpr Family kGemini31Pro = {.thinking = Thinking::Level,
                                 .takesBudgetToo = true,
                                 .lowestLevel = 2,
                                 .highestLevel = 4,
                                 .takesSampling = true,
                                 .takesFinalModelTurn = true,
                                 .isOfGemini3 = true};

constexpr Family kGemini38Flash = {
    .thinking = Thinking::Level, .lowestLevel = 2, .highestLevel = 4, .isOfGemini3 = true};

constexpr Family kGemini4Argon = {.thinking = Thinking::Level,
                                  .lowestLevel = 2,
                                  .highestLevel = 4,
                                  .mostWhole = 32768,
                                  .isOfGemini3 = true};

constexpr Family kGemini4Hydrogen = {
    .thinking = Thinking::Level, .lowestLevel = 2, .highestLevel = 5, .isOfGemini3 = true};

constexpr Family kGemma3 = {.takesSampling = true,
                            .takesJsonSchema = false,
                            .hasSearch = false,
                            .takesSystemInstruction = false,
                            .takesFinalModelTurn = true};

constexpr Family kGemma4 = {
    .takesSampling = true, .mostWhole = 32768, .takesJsonSchema = false, .hasSearch = false};

}  // namespace

const Family& familyOf(const std::string& model) {
  static const std::map<std::string, Family> families = {
      {"gemini-1.5-flash", kGemini15},
      {"gemini-2.0-flash", kGemini20},
      {"gemini-2.5-pro", kGemini25Pro},
      {"gemini-2.5-flash", kGemini25Flash},
      {"gemini-2.5-flash-lite", kGemini25FlashLite},
      {"gemini-3-flash-preview", kGemini3Flash},
      {"gemini-3.1-pro", kGemini31Pro},
      {"gemini-3.8-flash", kGemini38Flash},
      {"gemini-4-argon", kGemini4Argon},
      {"gemini-4-hydrogen", kGemini4Hydrogen},
      {"gemma-3-27b-it", kGemma3},
      {"gemma-4-9b-it", kGemma4},
  };
  return families.at(model);
}

}  // namespace rondo::equality
