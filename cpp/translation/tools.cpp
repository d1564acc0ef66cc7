#include "translation/tools.h"

#include <algorithm>
#include <functional>
#include <set>

#include "translation/schema_writer.h"

namespace rondo::translation {
namespace {

using openai::ToolMode;

bool isAllowed(const openai::ToolChoice& choice, std::string_view name) {
  return choice.allowed.empty() || std::ranges::find(choice.allowed, name) != choice.allowed.end();
}

void writeDeclaration(json::Writer& writer, const openai::Tool& tool, const BodyContext& context) {
  writer.beginObject();
  writer.key("name").string(context.names.toGoogle(tool.name));
  if (!tool.description.empty()) writer.key("description").string(tool.description);
  if (tool.kind == openai::ToolKind::Custom) {
    writer.key("parameters")
        .raw(R"({"type":"OBJECT","properties":{"input":{"type":"STRING"}},"required":["input"]})");
  } else if (tool.parameters) {
    if (context.target.takes(google::Feature::JsonSchema)) context.use(google::Feature::JsonSchema);
    writeParameters(writer, *tool.parameters, context.target);
  }
  writer.endObject();
}

// A choice among some tools, without an obligation to call one, has no word at Google's: there only
// those tools are declared.
bool isDeclared(const openai::ToolChoice& choice, std::string_view name) {
  return choice.mode != ToolMode::Auto || isAllowed(choice, name);
}

void writeDeclarations(json::Writer& writer, const BodyContext& context) {
  std::set<std::string_view> seen;
  writer.beginObject().key("functionDeclarations").beginArray();
  for (const openai::Tool& tool : context.request.tools) {
    if (!isDeclared(context.request.toolChoice, tool.name)) continue;
    if (seen.insert(tool.name).second) writeDeclaration(writer, tool, context);
  }
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
  const openai::ToolChoice& choice = context.request.toolChoice;
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
  const openai::ChatRequest& request = context.request;
  const bool hasFunctions = std::ranges::any_of(request.tools, [&](const openai::Tool& tool) {
    return isDeclared(request.toolChoice, tool.name);
  });
  // Functions and search in one request need server-side parts to be sent back, which OpenAI's
  // messages have no place for.
  const bool searches = request.webSearch && !hasFunctions;
  if (request.webSearch && !searches) adjusted.emplace("web_search_options");
  if (!hasFunctions && !searches) return;

  writer.key("tools").beginArray();
  if (hasFunctions) writeDeclarations(writer, context);
  if (searches) writer.beginObject().key("googleSearch").beginObject().endObject().endObject();
  writer.endArray();
  if (hasFunctions) writeToolConfig(writer, context);
}

}  // namespace rondo::translation
