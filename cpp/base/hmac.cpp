#include "base/hmac.h"

#include <string>

namespace rondo {
namespace {

// What SHA-256 reads at once.
constexpr std::size_t kBlock = 64;

std::string textOf(const Sha256Digest& digest) { return {digest.begin(), digest.end()}; }

std::string mixed(std::string_view key, char with) {
  std::string block(key);
  block.resize(kBlock);
  for (char& each : block) each = static_cast<char>(each ^ with);
  return block;
}

}  // namespace

Sha256Digest hmacSha256(std::string_view key, std::string_view message) {
  const std::string shortened = key.size() > kBlock ? textOf(sha256(key)) : std::string(key);
  const auto inner = sha256(mixed(shortened, '\x36').append(message));
  return sha256(mixed(shortened, '\x5c') + textOf(inner));
}

}  // namespace rondo
