#include "conversation/fence.h"

#include <algorithm>

namespace rondo::conversation {
namespace {

std::string fenceFor(std::string_view body) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : body) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return std::string(std::max<std::size_t>(3, longest + 1), '`');
}

}  // namespace

std::string fenced(std::string_view label, std::string_view body) {
  const std::string fence = fenceFor(body);
  std::string text = fence;
  text.append(label).append("\n").append(body);
  if (!body.ends_with('\n')) text += '\n';
  return text.append(fence).append("\n");
}

}  // namespace rondo::conversation
