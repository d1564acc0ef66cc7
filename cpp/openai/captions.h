#pragma once

#include <span>
#include <string>
#include <vector>

#include "conversation/answer.h"

namespace rondo::openai {

// What is shown at once beneath a film.
struct Caption {
  double start = 0;  // In seconds.
  double end = 0;
  std::string text;
};

// Cut where a sentence ends, where nobody speaks, and before one is longer than two lines or some
// seconds. Words without times are none.
std::vector<Caption> captionsOf(std::span<const conversation::Utterance> utterances);

// SubRip's and WebVTT's files.
std::string srtOf(std::span<const Caption> captions);
std::string vttOf(std::span<const Caption> captions);

}  // namespace rondo::openai
