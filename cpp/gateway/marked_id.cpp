#include "gateway/marked_id.h"

#include <algorithm>

namespace rondo::gateway {
namespace {

constexpr std::string_view kHexadecimal = "0123456789abcdef";
constexpr std::size_t kCredentialDigits = 16;

// Of names that clients choose (ai.google.dev/api/files) and of those that Google makes up.
bool isOfIds(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_.=").contains(c);
}

// Two dots would be another place.
bool isId(std::string_view text) {
  return !text.empty() && !text.starts_with('.') && std::ranges::all_of(text, isOfIds);
}

}  // namespace

std::string writeMarkedId(std::string_view credential, std::string_view id) {
  return std::string(kIdMark).append(credential).append(id);
}

std::optional<MarkedId> readMarkedToken(std::string_view text) {
  if (!text.starts_with(kIdMark)) return std::nullopt;
  text.remove_prefix(kIdMark.size());
  const auto credential = text.substr(0, kCredentialDigits);
  if (credential.size() < kCredentialDigits ||
      credential.find_first_not_of(kHexadecimal) != std::string_view::npos) {
    return std::nullopt;
  }
  return MarkedId{std::string(credential), std::string(text.substr(kCredentialDigits))};
}

std::optional<MarkedId> readMarkedId(std::string_view text) {
  auto marked = readMarkedToken(text);
  return marked && isId(marked->id) ? marked : std::nullopt;
}

}  // namespace rondo::gateway
