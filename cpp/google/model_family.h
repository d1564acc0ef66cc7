#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "google/backend.h"

// What a model takes, told from its name: ids change monthly, so there is no list of them. Sources:
// ai.google.dev/gemini-api/docs/{thinking,thought-signatures,gemini-3,deprecations} and the model
// guides of Vertex AI (docs.cloud.google.com).

namespace rondo::google {

enum class ThinkingLevel { Minimal, Low, Medium, High, XHigh };

enum class ThinkingControl { None, Budget, Level };

// Some models cap an answer that comes in one piece lower than a streamed one.
enum class Delivery { Whole, Streamed };

struct BudgetRange {
  std::int64_t least = 0;
  std::int64_t most = 0;
  bool canBeOff = false;  // 0 is taken although it is below `least`.
};

// Everything that depends on the model is asked here and nowhere else.
class ModelFamily {
 public:
  // "gemini-3.8-flash", "models/gemini-2.5-pro", "gemma-3-27b-it". A name without a version counts
  // as newer than every known one.
  static ModelFamily parse(std::string_view model);

  // Whom a thought signature of this model is good for: "gemini-3", "gemma-3", "newest".
  std::string signatureGroup() const;

  ThinkingControl thinkingControl() const;
  bool takesThinkingBudget() const;  // Perhaps beside levels, never together with one.
  BudgetRange budgetRange() const;
  ThinkingLevel lowestLevel() const;
  ThinkingLevel highestLevel() const;

  bool takesSampling() const;  // temperature, topP
  bool takesPenalties(Backend backend) const;
  bool takesSeveralCandidates() const;
  bool takesJsonSchema() const;  // parametersJsonSchema, responseJsonSchema
  bool takesSystemInstruction() const;
  bool takesFinalModelTurn() const;
  bool takesCallIds() const;                    // functionCall.id
  bool takesMediaInToolResults() const;         // functionResponse.parts
  bool takesHttpsMedia(Backend backend) const;  // https in fileData
  bool takesToolsWithJson() const;              // functions beside a JSON response type
  bool takesHostedTools() const;                // googleSearch, codeExecution
  bool takesHostedBesideFunctions(Backend backend) const;
  bool takesMediaResolution() const;  // mediaResolution on a part
  bool checksSignatures() const;

  bool makesImages() const { return makesImages_; }
  // Whether it thinks where nobody says how much.
  bool thinksByItself() const;
  bool takesImageSize() const;   // imageConfig.imageSize
  bool takesLongImages() const;  // imageConfig.aspectRatio up to 1:8 and 8:1
  // Whether it writes down what it hears, and does nothing else: it takes no instructions.
  bool transcribes() const { return transcribes_; }
  // Whether it speaks what it is told, and does nothing else.
  bool speaks() const { return speaks_; }
  // How what is spoken is to sound is told apart (speechMetadata): the text is spoken as it stands.
  bool takesSpeechStyle() const;

  // The most output tokens that one request may ask for.
  std::int64_t outputLimit(Delivery delivery) const;

 private:
  enum class Line { Gemini, Gemma, Other };
  enum class Tier { Pro, Flash, FlashLite, Other };

  bool isAtLeast(int major, int minor) const;

  Line line_ = Line::Other;
  Tier tier_ = Tier::Other;
  int major_ = 0;
  int minor_ = 0;
  bool makesImages_ = false;
  bool speaks_ = false;
  bool transcribes_ = false;
  bool takesXHigh_ = false;
};

}  // namespace rondo::google
