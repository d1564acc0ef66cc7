#include "anthropic/messages_request_parts.h"
#include "conversation/fence.h"

namespace rondo::anthropic {
namespace {

using conversation::fenced;

std::string jsonOf(json::Node value) {
  std::string text;
  if (value) value.appendTo(text);
  return text;
}

std::string fencedUnlessEmpty(std::string_view label, std::string_view body) {
  return body.empty() ? std::string() : fenced(label, body);
}

// {"type":"server_tool_use","name","input"}
std::optional<std::string> codeOf(FieldReader& block) {
  const std::string name = block.string("name");
  const json::Node input = block.any("input");
  if (name == "code_execution") return fencedUnlessEmpty("python", input.find("code").string());
  if (name == "bash_code_execution") {
    return fencedUnlessEmpty("bash", input.find("command").string());
  }
  if (name == "text_editor_code_execution") return fencedUnlessEmpty("json", jsonOf(input));
  return std::nullopt;
}

void addLine(std::string& text, std::string_view line) {
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  text += line;
}

// What code printed, and how it ended where it ended badly. Files that it made lie with whoever ran
// it.
std::string outputOf(json::Node result, Reading& reading) {
  std::string text = result.find("stdout").string();
  addLine(text, result.find("stderr").string());
  const std::string code = jsonOf(result.find("return_code"));
  if (!code.empty() && code != "0") addLine(text, "return_code: " + code);
  const std::string error = result.find("error_code").string();
  if (!error.empty()) addLine(text, "error_code: " + error);
  if (result.find("content").hasElements()) reading.tell("messages");
  return text;
}

std::optional<std::string> resultOf(FieldReader& block, std::string_view type, Reading& reading) {
  const json::Node result = block.any("content");
  if (type == "code_execution_tool_result" || type == "bash_code_execution_tool_result") {
    return fencedUnlessEmpty("output", outputOf(result, reading));
  }
  if (type == "text_editor_code_execution_tool_result") {
    return fencedUnlessEmpty("output", jsonOf(result));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> readCodeBlock(FieldReader& block, std::string_view type,
                                         Reading& reading) {
  const bool isUse = type == "server_tool_use";
  if (!isUse && !type.ends_with("code_execution_tool_result")) return std::nullopt;
  const std::size_t size = block.any(isUse ? "input" : "content").source().size();
  if (!reading.faults.mayReword(block.path(), size)) return std::string();
  return isUse ? codeOf(block) : resultOf(block, type, reading);
}

}  // namespace rondo::anthropic
