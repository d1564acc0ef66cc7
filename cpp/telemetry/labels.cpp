#include "telemetry/labels.h"

#include "telemetry/names.h"

namespace rondo::telemetry {
namespace {

constexpr std::size_t kLongestLabel = 128;
constexpr char kBetween = '\t';

bool isControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

std::string cleanLabel(std::string_view value) {
  if (value.empty()) return std::string(kUnknown);
  std::size_t length = std::min(value.size(), kLongestLabel);
  // Not within a character.
  while (length < value.size() && length > 0 && (value[length] & 0xc0) == 0x80) --length;
  std::string clean(value.substr(0, length));
  for (char& c : clean) {
    if (isControl(c)) c = ' ';
  }
  return clean;
}

std::string joinKey(std::initializer_list<std::string_view> parts) {
  std::string key;
  for (const auto part : parts) {
    if (!key.empty()) key += kBetween;
    key += part;
  }
  return key;
}

std::vector<std::string_view> splitKey(std::string_view key) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = key.find(kBetween);
    parts.push_back(key.substr(0, end));
    if (end == std::string_view::npos) return parts;
    key.remove_prefix(end + 1);
  }
}

}  // namespace rondo::telemetry
