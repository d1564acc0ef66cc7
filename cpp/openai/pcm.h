#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "conversation/answer.h"

// Sound in samples of sixteen bits, which models speak in, and the head that makes a WAV file of
// it. Facts: the models before Gemini 3.8, and all in streams, tell raw samples as
// "audio/L16;codec=pcm;rate=24000"; a whole answer of later ones is a WAV file.

namespace rondo::openai {

struct PcmFormat {
  std::uint32_t rate = 24'000;  // Samples a second.
  std::uint16_t channels = 1;
};

// Takes one piece of sound after the other.
class PcmReader {
 public:
  // Its samples: of a WAV file those within. Empty when it is of another encoding, or broken.
  std::string read(const conversation::Sound& sound);

  // That of the first piece.
  const PcmFormat& format() const { return format_; }

 private:
  std::string_view samplesOf(std::string_view wav);

  PcmFormat format_;
};

// The head of a WAV file with so many bytes of samples. None: as many as come, which readers of
// streams take the greatest number for.
std::string wavHead(const PcmFormat& format, std::optional<std::size_t> bytes);

}  // namespace rondo::openai
