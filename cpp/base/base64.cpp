#include "base/base64.h"

#include <array>
#include <cstdint>

namespace rondo {
namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::int8_t kInvalid = -1;
constexpr std::int8_t kBlank = -2;

constexpr std::array<std::int8_t, 256> makeDecodeTable() {
  std::array<std::int8_t, 256> table{};
  table.fill(kInvalid);
  for (std::size_t i = 0; i < 64; ++i) {
    table[static_cast<unsigned char>(kStandard[i])] = static_cast<std::int8_t>(i);
    table[static_cast<unsigned char>(kUrlSafe[i])] = static_cast<std::int8_t>(i);
  }
  for (const char blank : {' ', '\t', '\r', '\n'}) {
    table[static_cast<unsigned char>(blank)] = kBlank;
  }
  return table;
}

constexpr auto kDecode = makeDecodeTable();

std::uint32_t byteAt(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

void encode(std::string& out, std::string_view bytes, std::string_view alphabet,
            std::string_view padding) {
  const std::size_t groups = bytes.size() / 3;
  const std::size_t start = out.size();
  out.resize(start + groups * 4);
  char* next = out.data() + start;
  for (std::size_t i = 0; i < groups * 3; i += 3) {
    const auto group = byteAt(bytes, i) << 16 | byteAt(bytes, i + 1) << 8 | byteAt(bytes, i + 2);
    for (const unsigned shift : {18U, 12U, 6U, 0U}) *next++ = alphabet[group >> shift & 63U];
  }
  const std::size_t i = groups * 3;
  const auto left = bytes.size() - i;
  if (left == 1) {
    const auto group = byteAt(bytes, i) << 16;
    out += alphabet[group >> 18 & 63U];
    out += alphabet[group >> 12 & 63U];
    out.append(padding).append(padding);
  } else if (left == 2) {
    const auto group = byteAt(bytes, i) << 16 | byteAt(bytes, i + 1) << 8;
    for (const unsigned shift : {18U, 12U, 6U}) out += alphabet[group >> shift & 63U];
    out.append(padding);
  }
}

}  // namespace

std::string encodeBase64(std::string_view bytes) {
  std::string out;
  encode(out, bytes, kStandard, "=");
  return out;
}

void appendBase64(std::string& out, std::string_view bytes) { encode(out, bytes, kStandard, "="); }

std::string encodeBase64Url(std::string_view bytes) {
  std::string out;
  encode(out, bytes, kUrlSafe, "");
  return out;
}

std::optional<std::string> decodeBase64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t group = 0;
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '=') {
      ++padding;
      continue;
    }
    const auto value = kDecode[static_cast<unsigned char>(c)];
    if (value == kBlank) continue;
    if (value == kInvalid || padding > 0) return std::nullopt;
    group = group << 6 | static_cast<std::uint32_t>(value);
    if (++digits % 4 == 0) {
      for (const unsigned shift : {16U, 8U, 0U}) out += static_cast<char>(group >> shift & 255U);
      group = 0;
    }
  }
  const auto left = digits % 4;
  const auto wanted = left == 0 ? 0 : 4 - left;
  if (left == 1 || (padding != 0 && padding != wanted)) return std::nullopt;
  if (left == 2) out += static_cast<char>(group >> 4 & 255U);
  if (left == 3) {
    out += static_cast<char>(group >> 10 & 255U);
    out += static_cast<char>(group >> 2 & 255U);
  }
  return out;
}

}  // namespace rondo
