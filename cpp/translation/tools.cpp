#include "translation/body_parts.h"

#include <optional>
#include <unordered_set>
#include <vector>

#include "translation/schema_writer.h"

namespace rondo::translation {
namespace {

using conversation::ToolMode;

// What stands beside a request's functions.
enum class Beside { Nothing, HostedTools };

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
    case ToolMode::Validated: return "VALIDATED";
  }
  return "AUTO";
}

// How calls may be made. Beside Google's own tools, they obey their schemas.
std::optional<ToolMode> callingMode(const conversation::ToolChoice& choice, Beside beside) {
  const bool isFree = choice.mode.value_or(ToolMode::Auto) == ToolMode::Auto;
  return isFree && beside == Beside::HostedTools ? ToolMode::Validated : choice.mode;
}

void writeToolConfig(json::Writer& writer, const BodyContext& context, Beside beside) {
  const conversation::ToolChoice& choice = context.request.toolChoice;
  const auto mode = callingMode(choice, beside);
  if (!mode) return;
  writer.key("toolConfig").beginObject().key("functionCallingConfig").beginObject();
  writer.key("mode").string(modeWord(*mode));
  const bool namesAllowed = choice.mode == ToolMode::Required || choice.mode == ToolMode::Validated;
  if (namesAllowed && !choice.allowed.empty()) {
    writer.key("allowedFunctionNames").beginArray();
    for (const std::string& name : choice.allowed) writer.string(context.names.toGoogle(name));
    writer.endArray();
  }
  writer.endObject();
  if (beside == Beside::HostedTools) {
    writer.key("includeServerSideToolInvocations").boolean(true);
  }
  writer.endObject();
}

// Beside functions, what Google's own tools did has to be sent back, which not every dialect has a
// place for.
bool takesBoth(const BodyContext& context) {
  return context.request.hostedStyle == conversation::HostedStyle::Apart &&
         context.target.takes(google::Feature::HostedBesideFunctions);
}

// Functions that may not be called stand in the way of nothing that may be used.
bool giveWay(const BodyContext& context) {
  const conversation::Request& request = context.request;
  return request.toolChoice.mode == ToolMode::None && request.hosted.any() &&
         context.target.takes(google::Feature::HostedTools) && !takesBoth(context);
}

// The tools of Google's own that are asked for and can be had.
conversation::HostedTools hostedTools(const BodyContext& context, bool hasFunctions,
                                      Adjusted& adjusted) {
  const conversation::Request& request = context.request;
  const conversation::HostedTools wanted = request.hosted;
  const bool fits = !hasFunctions || takesBoth(context);
  if (fits && context.target.takes(google::Feature::HostedTools)) return wanted;
  const bool isChat = request.hostedStyle == conversation::HostedStyle::Inline;
  if (wanted.webSearch) adjusted.emplace(isChat ? "web_search_options" : "web_search");
  if (wanted.codeExecution) adjusted.emplace("code_execution");
  return {};
}

void writeEmptyTool(json::Writer& writer, std::string_view name) {
  writer.beginObject().key(name).beginObject().endObject().endObject();
}

}  // namespace

void writeTools(json::Writer& writer, const BodyContext& context, Adjusted& adjusted) {
  const conversation::Request& request = context.request;
  const auto functions =
      giveWay(context) ? std::vector<const conversation::Tool*>() : declaredTools(request);
  const bool hasFunctions = !functions.empty();
  const auto [searches, runsCode] = hostedTools(context, hasFunctions, adjusted);
  const bool hasHosted = searches || runsCode;
  if (!hasFunctions && !hasHosted) return;
  if (hasHosted) context.use(google::Feature::HostedTools);
  const Beside beside = hasFunctions && hasHosted ? Beside::HostedTools : Beside::Nothing;
  if (beside == Beside::HostedTools) context.use(google::Feature::HostedBesideFunctions);

  writer.key("tools").beginArray();
  if (hasFunctions) writeDeclarations(writer, functions, context);
  if (searches) writeEmptyTool(writer, "googleSearch");
  if (runsCode) writeEmptyTool(writer, "codeExecution");
  writer.endArray();
  const bool isVertexCount = request.purpose == conversation::Purpose::Count &&
                             context.target.backend == google::Backend::Vertex;
  if (hasFunctions && !isVertexCount) writeToolConfig(writer, context, beside);
}

}  // namespace rondo::translation
