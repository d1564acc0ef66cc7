#include "google/model_family.h"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace rondo::google {
namespace {

struct Version {
  int major = 0;
  int minor = 0;
};

// The number that `text` begins with; nothing when there is none.
std::optional<int> takeNumber(std::string_view& text) {
  int number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

// "3.8-flash" → 3.8, "4-neon" → 4.0. A number that runs on into a word ("3n") is a version too.
std::optional<Version> readVersion(std::string_view text) {
  const auto major = takeNumber(text);
  if (!major || *major < 0) return std::nullopt;
  Version version{*major, 0};
  if (!text.starts_with('.')) return version;
  text.remove_prefix(1);
  if (const auto minor = takeNumber(text); minor && *minor >= 0) version.minor = *minor;
  return version;
}

constexpr int kNewest = 1000;

}  // namespace

ModelFamily ModelFamily::parse(std::string_view model) {
  if (const auto slash = model.rfind('/'); slash != std::string_view::npos) {
    model.remove_prefix(slash + 1);
  }
  ModelFamily family;
  family.major_ = kNewest;
  for (const auto& [prefix, line] : {std::pair(std::string_view("gemini-"), Line::Gemini),
                                     std::pair(std::string_view("gemma-"), Line::Gemma)}) {
    if (!model.starts_with(prefix)) continue;
    family.line_ = line;
    if (const auto version = readVersion(model.substr(prefix.size()))) {
      std::tie(family.major_, family.minor_) = std::tie(version->major, version->minor);
    }
  }
  const auto mentions = [&](std::string_view word) {
    return model.find(word) != std::string_view::npos;
  };
  if (mentions("flash-lite")) {
    family.tier_ = Tier::FlashLite;
  } else if (mentions("flash")) {
    family.tier_ = Tier::Flash;
  } else if (mentions("pro")) {
    family.tier_ = Tier::Pro;
  }
  family.makesImages_ = mentions("-image") || mentions("nano-banana");
  family.speaks_ = mentions("-tts");
  family.transcribes_ = mentions("-transcribe");
  family.takesXHigh_ = mentions("hydrogen") || mentions("neon");
  return family;
}

std::string ModelFamily::signatureGroup() const {
  const std::string line = line_ == Line::Gemma ? "gemma-" : "gemini-";
  return line + (major_ == kNewest ? "newest" : std::to_string(major_));
}

bool ModelFamily::isAtLeast(int major, int minor) const {
  return std::tie(major_, minor_) >= std::tie(major, minor);
}

ThinkingControl ModelFamily::thinkingControl() const {
  if (line_ == Line::Gemma || !isAtLeast(2, 5)) return ThinkingControl::None;
  if (speaks_ || transcribes_) return ThinkingControl::None;
  if (makesImages_ && !isAtLeast(3, 0)) return ThinkingControl::None;
  return isAtLeast(3, 0) ? ThinkingControl::Level : ThinkingControl::Budget;
}

BudgetRange ModelFamily::budgetRange() const {
  switch (tier_) {
    case Tier::Pro: return {128, 32768, false};
    case Tier::FlashLite: return {512, 24576, true};
    case Tier::Flash:
    case Tier::Other: break;
  }
  return {1, 24576, true};
}

bool ModelFamily::thinksByItself() const {
  const bool waits = thinkingControl() == ThinkingControl::Budget && tier_ == Tier::FlashLite;
  return thinkingControl() != ThinkingControl::None && !waits;
}

bool ModelFamily::takesThinkingBudget() const {
  return thinkingControl() == ThinkingControl::Budget ||
         (thinkingControl() == ThinkingControl::Level && !isAtLeast(3, 7));
}

ThinkingLevel ModelFamily::lowestLevel() const {
  const bool isFlash = tier_ == Tier::Flash || tier_ == Tier::FlashLite;
  return isFlash && !isAtLeast(3, 7) ? ThinkingLevel::Minimal : ThinkingLevel::Low;
}

ThinkingLevel ModelFamily::highestLevel() const {
  return takesXHigh_ ? ThinkingLevel::XHigh : ThinkingLevel::High;
}

bool ModelFamily::takesSampling() const {
  if (speaks_ || transcribes_) return false;
  if (line_ == Line::Gemma) return true;
  if (tier_ == Tier::FlashLite) return !isAtLeast(3, 5);
  return !isAtLeast(3, 6);
}

bool ModelFamily::takesPenalties(Backend backend) const {
  if (line_ == Line::Gemma) return false;
  if (isAtLeast(3, 0)) return false;
  return backend == Backend::Vertex || !isAtLeast(2, 5);
}

bool ModelFamily::takesSeveralCandidates() const {
  return !isAtLeast(3, 0) && !makesImages_ && !speaks_;
}

bool ModelFamily::takesJsonSchema() const { return line_ != Line::Gemma && isAtLeast(2, 0); }

bool ModelFamily::takesSystemInstruction() const { return line_ != Line::Gemma || isAtLeast(4, 0); }

bool ModelFamily::takesFinalModelTurn() const {
  if (tier_ == Tier::FlashLite) return !isAtLeast(3, 5);
  return !isAtLeast(3, 6);
}

bool ModelFamily::takesCallIds() const { return line_ != Line::Gemma && isAtLeast(3, 0); }

bool ModelFamily::takesMediaInToolResults() const {
  return line_ != Line::Gemma && isAtLeast(3, 0);
}

bool ModelFamily::takesHttpsMedia(Backend backend) const {
  return backend == Backend::Vertex || (line_ != Line::Gemma && isAtLeast(3, 0));
}

bool ModelFamily::takesToolsWithJson() const { return line_ != Line::Gemma && isAtLeast(3, 0); }

bool ModelFamily::takesHostedTools() const { return line_ != Line::Gemma && isAtLeast(2, 0); }

// Vertex knows no `includeServerSideToolInvocations`, without which the parts don't come back.
bool ModelFamily::takesHostedBesideFunctions(Backend backend) const {
  return backend == Backend::Gemini && takesHostedTools() && isAtLeast(3, 0);
}

bool ModelFamily::checksSignatures() const { return line_ != Line::Gemma && isAtLeast(3, 0); }

bool ModelFamily::takesMediaResolution() const { return line_ != Line::Gemma && isAtLeast(3, 0); }

bool ModelFamily::takesImageSize() const { return isAtLeast(3, 0); }

bool ModelFamily::takesLongImages() const { return isAtLeast(3, 1); }

bool ModelFamily::takesSpeechStyle() const { return isAtLeast(3, 8); }

std::int64_t ModelFamily::outputLimit(Delivery delivery) const {
  const bool capsWhole = isAtLeast(4, 0) && !takesXHigh_;
  return capsWhole && delivery == Delivery::Whole ? 32768 : 65536;
}

}  // namespace rondo::google
