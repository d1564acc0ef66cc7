#include "openai/metadata.h"

#include <algorithm>
#include <string>
#include <utility>

namespace rondo::openai {
namespace {

constexpr std::size_t kMaxPairs = 16;
constexpr std::size_t kMaxName = 64;    // In characters.
constexpr std::size_t kMaxValue = 512;  // The same.

Error badMetadata(const std::string& param, const std::string& expected, std::string code) {
  return badRequest("Invalid '" + param + "': expected " + expected + ".", param, std::move(code));
}

// Of UTF-8, all bytes but those that go on with a character.
std::size_t lengthOf(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

std::optional<Error> metadataFault(json::Node metadata) {
  if (!metadata.isObject()) return badMetadata("metadata", "an object", "invalid_type");
  std::size_t pairs = 0;
  for (const auto& [name, value] : metadata.members()) {
    if (++pairs > kMaxPairs) {
      return badMetadata("metadata", "at most " + std::to_string(kMaxPairs) + " pairs",
                         "object_above_max_properties");
    }
    if (lengthOf(name.string()) > kMaxName) {
      return badMetadata("metadata", "names of at most " + std::to_string(kMaxName) + " characters",
                         "string_above_max_length");
    }
    const std::string place = "metadata." + name.string();
    if (!value.isString()) return badMetadata(place, "a string", "invalid_type");
    if (lengthOf(value.string()) > kMaxValue) {
      return badMetadata(place, "at most " + std::to_string(kMaxValue) + " characters",
                         "string_above_max_length");
    }
  }
  return std::nullopt;
}

}  // namespace rondo::openai
