#include "translation/body_parts.h"

#include <unordered_set>
#include <vector>

#include "translation/schema_writer.h"

namespace rondo::translation {
namespace {

using conversation::ToolMode;

void writeDeclaration(json::Writer& writer, const conversation::Tool& tool,
                      const BodyContext& context) {
  writer.beginObject();
  writer.key("name").string(context.names.toGoogle(tool.name));
  if (!tool.description.empty()) writer.key("description").string(tool.description);
  if (tool.kind == conversation::ToolKind::Custom) {
    writer.key("parameters")
        .raw(R"({"type":"OBJECT","properties":{"input":{"type":"STRING"}},"required":["input"]})");
  } else if (tool.parameters) {
    if (context.target.takes(google::Feature::JsonSchema)) context.use(google::Feature::JsonSchema);
    writeParameters(writer, *tool.parameters, context.target);
  }
  writer.endObject();
}

// The tools to be declared, each name once. A choice among some tools, without an obligation to
// call one, has no word at Google's: there only those tools are declared.
std::vector<const conversation::Tool*> declaredTools(const conversation::Request& request) {
  const conversation::ToolChoice& choice = request.toolChoice;
  const std::unordered_set<std::string_view> allowed(choice.allowed.begin(), choice.allowed.end());
  const bool isNarrowed = choice.mode == ToolMode::Auto && !allowed.empty();
  std::unordered_set<std::string_view> seen;
  std::vector<const conversation::Tool*> tools;
  for (const conversation::Tool& tool : request.tools) {
    if (isNarrowed && !allowed.contains(tool.name)) continue;
    if (seen.insert(tool.name).second) tools.push_back(&tool);
  }
  return tools;
}

void writeDeclarations(json::Writer& writer, const std::vector<const conversation::Tool*>& tools,
                       const BodyContext& context) {
  writer.beginObject().key("functionDeclarations").beginArray();
  for (const conversation::Tool* tool : tools) writeDeclaration(writer, *tool, context);
  writer.endArray().endObject();
}

std::string_view modeWord(ToolMode mode) {
  switch (mode) {
    case ToolMode::Auto: break;
    case ToolMode::None: return "NONE";
    case ToolMode::Required: return "ANY";
  }
  return "AUTO";
}

void writeToolConfig(json::Writer& writer, const BodyContext& context) {
  const conversation::ToolChoice& choice = context.request.toolChoice;
  if (!choice.mode) return;
  writer.key("toolConfig").beginObject().key("functionCallingConfig").beginObject();
  writer.key("mode").string(modeWord(*choice.mode));
  if (choice.mode == ToolMode::Required && !choice.allowed.empty()) {
    writer.key("allowedFunctionNames").beginArray();
    for (const std::string& name : choice.allowed) writer.string(context.names.toGoogle(name));
    writer.endArray();
  }
  writer.endObject().endObject();
}

}  // namespace

void writeTools(json::Writer& writer, const BodyContext& context, Adjusted& adjusted) {
  const conversation::Request& request = context.request;
  const auto functions = declaredTools(request);
  const bool hasFunctions = !functions.empty();
  // Functions and search in one request need server-side parts to be sent back, which OpenAI's
  // messages have no place for.
  const bool searches = request.webSearch && !hasFunctions;
  if (request.webSearch && !searches) adjusted.emplace("web_search_options");
  if (!hasFunctions && !searches) return;

  writer.key("tools").beginArray();
  if (hasFunctions) writeDeclarations(writer, functions, context);
  if (searches) writer.beginObject().key("googleSearch").beginObject().endObject().endObject();
  writer.endArray();
  if (hasFunctions) writeToolConfig(writer, context);
}

}  // namespace rondo::translation
