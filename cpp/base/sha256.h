#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rondo {

using Sha256Digest = std::array<std::uint8_t, 32>;

// FIPS 180-4. Here and not through the host, since a credential's id and a client key's digest are
// needed where nothing can be awaited, and WebCrypto only answers asynchronously.
Sha256Digest sha256(std::string_view bytes);

// Bytes as lower-case hexadecimal digits, two each.
std::string hexOf(std::span<const std::uint8_t> bytes);

// The digest as 64 lower-case hexadecimal digits.
std::string sha256Hex(std::string_view bytes);

}  // namespace rondo
