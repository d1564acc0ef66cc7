#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "http/url.h"

namespace rondo::http {
namespace {

struct Range {
  std::uint32_t first;
  int bits;
};

// IPv4 addresses that are not of the public Internet (RFC 6890 and the IANA registry it founded),
// and the one at which a large cloud answers its own machines.
constexpr auto kSpecial = std::to_array<Range>({{0x00000000, 8},
                                                {0x0A000000, 8},
                                                {0x64400000, 10},
                                                {0x7F000000, 8},
                                                {0xA83F8110, 32},
                                                {0xA9FE0000, 16},
                                                {0xAC100000, 12},
                                                {0xC0000000, 24},
                                                {0xC0000200, 24},
                                                {0xC0586300, 24},
                                                {0xC0A80000, 16},
                                                {0xC6120000, 15},
                                                {0xC6336400, 24},
                                                {0xCB007100, 24},
                                                {0xE0000000, 3}});

constexpr auto kLocalNames = std::to_array<std::string_view>(
    {"localhost", "localdomain", "local", "internal", "intranet", "private", "lan", "home", "corp",
     "svc", "arpa", "test", "invalid", "onion", "alt"});

constexpr std::size_t kLongestName = 253;  // RFC 1035
constexpr std::size_t kLongestLabel = 63;

bool isNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

std::string_view lastLabel(std::string_view host) { return host.substr(host.rfind('.') + 1); }

// What the URL standard's parser takes for a number, and the host for an IPv4 address then.
bool endsInANumber(std::string_view host) {
  const auto label = lastLabel(host);
  return !label.empty() && label.front() >= '0' && label.front() <= '9';
}

// Four decimal numbers without leading zeros, and nothing else.
std::optional<std::uint32_t> dottedAddress(std::string_view host) {
  std::uint32_t address = 0;
  for (int part = 0; part < 4; ++part) {
    const auto label = host.substr(0, host.find('.'));
    std::uint32_t number = 0;
    const char* end = label.data() + label.size();
    const auto [stop, error] = std::from_chars(label.data(), end, number);
    const bool isCanonical = label == "0" || !label.starts_with('0');
    if (error != std::errc{} || stop != end || number > 255 || !isCanonical) return std::nullopt;
    address = address << 8 | number;
    if ((label.size() == host.size()) != (part == 3)) return std::nullopt;
    host.remove_prefix(std::min(label.size() + 1, host.size()));
  }
  return address;
}

bool isSpecial(std::uint32_t address) {
  return std::ranges::any_of(kSpecial, [address](const Range& range) {
    return (address ^ range.first) >> (32 - range.bits) == 0;
  });
}

// Whether no label is empty or too long. An empty one at the end is a name's root, and some
// resolvers take as many as come.
bool hasWholeLabels(std::string_view host) {
  for (;;) {
    const auto label = host.substr(0, host.find('.'));
    if (label.empty() || label.size() > kLongestLabel) return false;
    if (label.size() == host.size()) return true;
    host.remove_prefix(label.size() + 1);
  }
}

}  // namespace

bool isPublicHost(std::string_view host) {
  if (host.size() > kLongestName || !std::ranges::all_of(host, isNameCharacter)) return false;
  if (!hasWholeLabels(host)) return false;
  if (endsInANumber(host)) {
    const auto address = dottedAddress(host);
    return address && !isSpecial(*address);
  }
  return host.find('.') != std::string_view::npos &&
         std::ranges::none_of(kLocalNames,
                              [host](std::string_view name) { return isWithinDomain(host, name); });
}

}  // namespace rondo::http
