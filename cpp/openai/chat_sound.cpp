#include "openai/chat_sound.h"

#include <map>
#include <utility>

#include "base/base64.h"

namespace rondo::openai {
namespace {

using conversation::Event;
using conversation::Sound;

struct Joined {
  PcmReader reader;
  std::string samples;
};

void append(Joined& joined, Sound& sound) {
  std::string piece = joined.reader.read(sound);
  // Of megabytes there is to be no second copy.
  sound.data = {};
  if (joined.samples.empty()) {
    joined.samples = std::move(piece);
  } else {
    joined.samples += piece;
  }
}

Sound soundOf(Joined joined, ChatSound sound) {
  if (sound == ChatSound::Wav) {
    joined.samples.insert(0, wavHead(joined.reader.format(), joined.samples.size()));
  }
  return {sound == ChatSound::Wav ? "audio/wav" : "audio/pcm", encodeBase64(joined.samples)};
}

}  // namespace

Result<void> joinSounds(conversation::Answer& answer, ChatSound sound) {
  std::map<int, Joined> joined;
  for (Event& event : answer.events) {
    if (auto* piece = std::get_if<Sound>(&event.what)) append(joined[event.choice], *piece);
  }
  std::erase_if(answer.events,
                [](const Event& event) { return std::holds_alternative<Sound>(event.what); });
  for (auto& [choice, all] : joined) {
    if (all.samples.empty()) {
      return fail(makeError(ErrorKind::Broken,
                            "A server error: the model spoke in an encoding that can't be read.",
                            "unknown_encoding"));
    }
    answer.events.push_back({choice, soundOf(std::move(all), sound)});
  }
  return {};
}

std::string soundId(std::string_view seed, int choice) {
  std::string id = "audio_" + std::string(seed);
  if (choice > 0) id.append("_").append(std::to_string(choice));
  return id;
}

}  // namespace rondo::openai
