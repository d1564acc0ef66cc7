#include "translation/tool_result.h"

#include "base/ascii.h"
#include "json/writer.h"

namespace rondo::translation {
namespace {

std::string wrapped(std::string_view key, std::string_view json) {
  std::string text = "{\"";
  text.reserve(key.size() + json.size() + 6);
  return text.append(key).append("\":").append(json).append("}");
}

std::string asToken(std::string_view text) {
  std::string token;
  token.reserve(text.size() + text.size() / 8 + 2);
  json::appendQuoted(token, text);
  return token;
}

}  // namespace

std::string toolResultText(const openai::Message& result) {
  std::string text;
  for (const openai::ContentPart& part : result.content) {
    if (const auto* piece = std::get_if<openai::TextPart>(&part)) text += piece->text;
  }
  return text;
}

std::string toolResponse(const openai::Message& result) {
  const std::string text = toolResultText(result);
  if (result.outcome == openai::ToolOutcome::Failed) return wrapped("error", asToken(text));
  const std::string_view trimmed = trim(text);
  if (trimmed.starts_with('{') || trimmed.starts_with('[')) {
    if (const auto document = json::parse(trimmed)) {
      return document->is_object() ? std::string(trimmed) : wrapped("output", trimmed);
    }
  }
  return wrapped("output", asToken(text));
}

std::string missingToolResponse() { return R"({"error":"There is no result of this call."})"; }

std::string_view googleCallId(std::string_view id) {
  id = id.substr(0, id.find("__thought__"));
  return id.starts_with("call_") ? std::string_view() : id;
}

}  // namespace rondo::translation
