#include "openai/pcm.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/ascii.h"
#include "base/base64.h"

namespace rondo::openai {
namespace {

constexpr std::uint16_t kSampleBytes = 2;
constexpr std::uint16_t kPcmEncoding = 1;
constexpr std::uint16_t kExtensibleEncoding = 0xFFFE;

std::uint32_t littleEndian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;) {
    value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

void append(std::string& out, std::uint32_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 255U);
}

// The number behind `key=` in "audio/l16; rate=24000; channels=1".
std::optional<std::uint32_t> parameter(std::string_view type, std::string_view key) {
  for (std::size_t at = type.find(';'); at != std::string_view::npos; at = type.find(';', at + 1)) {
    const std::string_view text = trim(type.substr(at + 1));
    if (!text.starts_with(key) || !text.substr(key.size()).starts_with('=')) continue;
    const std::string_view digits = text.substr(key.size() + 1);
    std::uint32_t value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (read.ec == std::errc() && value > 0) return value;
  }
  return std::nullopt;
}

bool isRaw(std::string_view type) {
  return type.starts_with("audio/l16") || type.starts_with("audio/pcm");
}

}  // namespace

std::string PcmReader::read(const conversation::Sound& sound) {
  auto bytes = decodeBase64(sound.data);
  if (!bytes) return {};
  const bool isWav = bytes->starts_with("RIFF") && bytes->substr(0, 12).ends_with("WAVE");
  if (isWav) return std::string(samplesOf(*bytes));
  const std::string type = toLower(sound.mediaType);
  if (!isRaw(type)) return {};
  format_.rate = parameter(type, "rate").value_or(format_.rate);
  format_.channels = static_cast<std::uint16_t>(
      std::min<std::uint32_t>(parameter(type, "channels").value_or(format_.channels), 8));
  return std::move(*bytes);
}

// A chunk's size may be anything, in a stream most of all: what is there counts.
std::string_view PcmReader::samplesOf(std::string_view wav) {
  constexpr std::size_t kHead = 12;
  constexpr std::size_t kChunkHead = 8;
  constexpr std::size_t kFormatBytes = 16;
  for (std::size_t at = kHead; at + kChunkHead <= wav.size();) {
    const std::string_view name = wav.substr(at, 4);
    const std::size_t size = littleEndian(wav, at + 4, 4);
    const std::string_view chunk = wav.substr(at + kChunkHead, size);
    if (name == "data") return chunk;
    if (name == "fmt ") {
      if (chunk.size() < kFormatBytes) return {};
      const std::uint32_t encoding = littleEndian(chunk, 0, 2);
      const bool isPcm = encoding == kPcmEncoding || encoding == kExtensibleEncoding;
      if (!isPcm || littleEndian(chunk, 14, 2) != kSampleBytes * 8U) return {};
      format_.channels = static_cast<std::uint16_t>(littleEndian(chunk, 2, 2));
      format_.rate = littleEndian(chunk, 4, 4);
    }
    // Chunks begin at even places.
    at += kChunkHead + chunk.size() + chunk.size() % 2;
  }
  return {};
}

std::string wavHead(const PcmFormat& format, std::optional<std::size_t> bytes) {
  constexpr std::uint32_t kUnknown = std::numeric_limits<std::uint32_t>::max();
  constexpr std::uint32_t kRest = 36;  // Of the head, behind the first size.
  const std::uint32_t frame = format.channels * std::uint32_t{kSampleBytes};
  const auto size =
      static_cast<std::uint32_t>(std::min<std::size_t>(bytes.value_or(kUnknown), kUnknown - kRest));
  std::string head = "RIFF";
  append(head, bytes ? size + kRest : kUnknown, 4);
  head += "WAVEfmt ";
  append(head, 16, 4);
  append(head, kPcmEncoding, 2);
  append(head, format.channels, 2);
  append(head, format.rate, 4);
  append(head, format.rate * frame, 4);
  append(head, frame, 2);
  append(head, kSampleBytes * 8U, 2);
  head += "data";
  append(head, bytes ? size : kUnknown, 4);
  return head;
}

}  // namespace rondo::openai
