#include "openai/metadata.h"

#include <cstdint>
#include <string>
#include <utility>

#include "base/utf8.h"

namespace rondo::openai {
namespace {

constexpr std::size_t kMaxPairs = 16;
constexpr std::int64_t kMaxName = 64;    // In characters.
constexpr std::int64_t kMaxValue = 512;  // The same.

Error badMetadata(const std::string& param, const std::string& expected, std::string code) {
  return badRequest("Invalid '" + param + "': expected " + expected + ".", param, std::move(code));
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
    if (countCodePoints(name.string()) > kMaxName) {
      return badMetadata("metadata", "names of at most " + std::to_string(kMaxName) + " characters",
                         "string_above_max_length");
    }
    const std::string place = "metadata." + name.string();
    if (!value.isString()) return badMetadata(place, "a string", "invalid_type");
    if (countCodePoints(value.string()) > kMaxValue) {
      return badMetadata(place, "at most " + std::to_string(kMaxValue) + " characters",
                         "string_above_max_length");
    }
  }
  return std::nullopt;
}

}  // namespace rondo::openai
