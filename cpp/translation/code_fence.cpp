#include "translation/code_fence.h"

#include "base/ascii.h"
#include "conversation/fence.h"

namespace rondo::translation {
namespace {

std::string block(std::string_view label, std::string_view body, Column column) {
  const std::string text = conversation::fenced(label, body);
  return column == Column::WithinLine ? '\n' + text : text;
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
