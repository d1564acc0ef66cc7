#include "translation/voices.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"

namespace rondo::translation {
namespace {

constexpr std::string_view kDefault = "Kore";

// OpenAI's voices by pitch and temper.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kVoices = {{
    {"alloy", "Kore"},
    {"ash", "Orus"},
    {"ballad", "Algieba"},
    {"cedar", "Achird"},
    {"coral", "Aoede"},
    {"echo", "Charon"},
    {"fable", "Puck"},
    {"marin", "Sulafat"},
    {"nova", "Leda"},
    {"onyx", "Algenib"},
    {"sage", "Despina"},
    {"shimmer", "Zephyr"},
    {"verse", "Fenrir"},
}};

}  // namespace

std::string googleVoice(std::string_view name) {
  name = trim(name);
  if (name.empty()) name = kDefault;
  const auto known = std::ranges::find(kVoices, toLower(name),
                                       [](const auto& voice) { return std::string(voice.first); });
  return std::string(known == kVoices.end() ? name : known->second);
}

}  // namespace rondo::translation
