#include "gateway/native_affinity.h"

namespace rondo::gateway {
namespace {

constexpr std::string_view kTurns = "\"contents\"";

// The end of the object that begins there, or of what there is of it.
std::size_t endOfObject(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  bool isString = false;
  for (std::size_t at = begin; at < text.size(); ++at) {
    const char c = text[at];
    if (isString) {
      if (c == '\\') ++at;
      if (c == '"') isString = false;
    } else if (c == '"') {
      isString = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return at + 1;
    }
  }
  return text.size();
}

// npos: it isn't there. What a tool's schema has by that name is no list.
std::size_t firstTurnIn(std::string_view beginning) {
  constexpr auto kNone = std::string_view::npos;
  for (auto at = beginning.find(kTurns); at != kNone; at = beginning.find(kTurns, at + 1)) {
    const auto list = beginning.find_first_not_of(": \t\r\n", at + kTurns.size());
    if (list != kNone && beginning[list] == '[') return beginning.find('{', list);
  }
  return kNone;
}

}  // namespace

bool holdsTurn(std::string_view beginning) {
  return firstTurnIn(beginning) != std::string_view::npos;
}

// A later turn changes what comes behind the first one. So what stands there tells nothing.
std::string nativeConversation(std::string_view beginning) {
  std::string key = "native\n";
  const auto first = firstTurnIn(beginning);
  if (first == std::string_view::npos) return key.append(beginning);
  return key.append(beginning.substr(0, endOfObject(beginning, first)));
}

}  // namespace rondo::gateway
