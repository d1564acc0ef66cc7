#include "gateway/random_id.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace rondo::gateway {

std::string randomId(host::Entropy& entropy) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::array<std::uint8_t, 24> bytes{};
  entropy.fill(bytes);
  std::string id;
  // The first characters are a little more frequent; what counts is that ids don't repeat.
  for (const auto byte : bytes) id += kAlphabet[byte % kAlphabet.size()];
  return id;
}

}  // namespace rondo::gateway
