#include "conversation/call_id.h"

#include <algorithm>

namespace rondo::conversation {
namespace {

constexpr std::string_view kMark = "__thought__";
constexpr std::size_t kMaxCallId = 40;

char urlSafe(char c) {
  if (c == '+') return '-';
  return c == '/' ? '_' : c;
}

}  // namespace

SignedCallId splitCallId(std::string_view id) {
  const std::size_t at = id.find(kMark);
  if (at == std::string_view::npos) return {id, {}};
  return {id.substr(0, at), id.substr(at + kMark.size())};
}

std::string joinCallId(std::string_view id, std::string_view signature) {
  std::string joined(id);
  if (signature.empty()) return joined;
  joined += kMark;
  for (const char c : signature.substr(0, signature.find('='))) joined += urlSafe(c);
  return joined;
}

bool isPlainCallId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxCallId && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

}  // namespace rondo::conversation
