#include "translation/code_fence.h"

#include <algorithm>

#include "base/ascii.h"

namespace rondo::translation {
namespace {

// Longer than any run of backticks inside, as Markdown demands.
std::string fenceFor(std::string_view body) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : body) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return std::string(std::max<std::size_t>(3, longest + 1), '`');
}

std::string block(std::string_view label, std::string_view body, Column column) {
  const std::string fence = fenceFor(body);
  std::string text;
  if (column == Column::WithinLine) text += '\n';
  text.append(fence).append(label).append("\n").append(body);
  if (!body.ends_with('\n')) text += '\n';
  return text.append(fence).append("\n");
}

}  // namespace

std::string fencedCode(const google::ExecutableCodePart& part, Column column) {
  return block(toLower(part.language), part.code, column);
}

std::string fencedResult(const google::CodeResultPart& part, Column column) {
  if (part.outcome.empty() || part.outcome == "OUTCOME_OK") {
    return block("output", part.output, column);
  }
  return block("output", part.outcome + "\n" + part.output, column);
}

}  // namespace rondo::translation
