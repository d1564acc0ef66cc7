#include <unordered_set>
#include <utility>

#include "openai/chat_request_parts.h"

namespace rondo::openai {
namespace {

using conversation::CallLimit;
using conversation::Request;
using conversation::Tool;
using conversation::ToolChoice;
using conversation::ToolKind;
using conversation::ToolMode;

// Declarations that Gemini takes in one request (ai.google.dev/api/caching#FunctionDeclaration).
constexpr std::size_t kMaxTools = 512;

Tool readDeclaration(json::Node holder, const Path& path, ToolKind kind, Faults& faults) {
  FieldReader fields(holder, path, faults);
  Tool tool;
  tool.kind = kind;
  tool.name = fields.requiredString("name");
  tool.description = fields.string("description");
  if (kind == ToolKind::Custom) return tool;
  // `input_schema` is Anthropic's name for the same.
  for (const std::string_view key : {"parameters", "input_schema"}) {
    auto schema = fields.ownObject(key);
    if (!schema || tool.parameters) continue;
    checkParameters(*schema, tool.name, fields.at(key), faults);
    tool.parameters = std::move(*schema);
  }
  return tool;
}

void readTool(json::Node entry, const Path& path, Request& request, Faults& faults) {
  FieldReader fields(entry, path, faults);
  const std::string type = fields.requiredString("type");
  if (type == "web_search" || type == "web_search_preview") {
    request.hosted.webSearch = true;
    tellSearchLimits(entry, request);
    return;
  }
  if (type != "function" && type != "custom") {
    faults.unknownValue(fields.at("type"), type, {"function", "custom"});
    return;
  }
  const json::Node holder = fields.any(type);
  const Path place = fields.at(type);
  if (!holder) {
    faults.missing(place);
    return;
  }
  const ToolKind kind = type == "custom" ? ToolKind::Custom : ToolKind::Function;
  request.tools.push_back(readDeclaration(holder, place, kind, faults));
}

std::optional<ToolMode> readMode(std::string_view word) {
  if (word == "none") return ToolMode::None;
  if (word == "auto") return ToolMode::Auto;
  if (word == "required" || word == "any") return ToolMode::Required;
  // GitHub Copilot's, for models whose names begin with `gemini-`.
  if (word == "validated") return ToolMode::Validated;
  return std::nullopt;
}

// The name of a {"type":"function","function":{"name"}} or the like.
std::string readChosenName(FieldReader& choice, Faults& faults) {
  const std::string_view key = choice.any("custom") ? "custom" : "function";
  const json::Node holder = choice.any(key);
  const Path place = choice.at(key);
  if (!holder) {
    faults.missing(place);
    return {};
  }
  FieldReader fields(holder, place, faults);
  return fields.requiredString("name");
}

// {"type":"allowed_tools","allowed_tools":{"mode","tools":[…]}}
void readAllowedTools(FieldReader& choice, ToolChoice& result, Faults& faults) {
  const json::Node holder = choice.any("allowed_tools");
  const Path place = choice.at("allowed_tools");
  if (!holder) {
    faults.missing(place);
    return;
  }
  FieldReader fields(holder, place, faults);
  const std::string mode = fields.string("mode");
  result.mode = mode == "required" ? ToolMode::Required : ToolMode::Auto;
  if (!mode.empty() && mode != "auto" && mode != "required") {
    faults.unknownValue(fields.at("mode"), mode, {"auto", "required"});
  }
  const Path list = fields.at("tools");
  const json::Node tools = fields.array("tools");
  for (std::size_t i = 0; const json::Node tool : tools.elements()) {
    const Path entryPath(list, i++);
    FieldReader entry(tool, entryPath, faults);
    result.allowed.push_back(readChosenName(entry, faults));
  }
}

void readToolChoice(json::Node choice, const Path& path, ToolChoice& result, Faults& faults) {
  if (choice.isString()) {
    const std::string word = choice.string();
    result.mode = readMode(word);
    if (!result.mode) faults.unknownValue(path, word, {"none", "auto", "required"});
    return;
  }
  if (!choice.isObject()) {
    faults.wrongType(path, "a string or an object", choice);
    return;
  }
  FieldReader fields(choice, path, faults);
  const std::string type = fields.requiredString("type");
  if (type == "allowed_tools") {
    readAllowedTools(fields, result, faults);
  } else if (type == "function" || type == "custom") {
    result.mode = ToolMode::Required;
    result.allowed.push_back(readChosenName(fields, faults));
  } else if (const auto mode = readMode(type)) {
    result.mode = mode;
  } else {
    faults.unknownValue(fields.at("type"), type, {"function", "custom", "allowed_tools"});
  }
}

void readLegacyFunctions(FieldReader& body, ChatRequest& chat, Faults& faults) {
  const Path path = body.at("functions");
  const json::Node functions = body.array("functions", kMaxTools);
  if (!functions) return;
  chat.style.calls = CallStyle::Functions;
  for (std::size_t i = 0; const json::Node function : functions.elements()) {
    if (faults.any()) break;
    const Path place(path, i++);
    chat.request.tools.push_back(readDeclaration(function, place, ToolKind::Function, faults));
  }
}

void readLegacyChoice(FieldReader& body, ToolChoice& result, Faults& faults) {
  const json::Node choice = body.any("function_call");
  const Path path = body.at("function_call");
  if (!choice) return;
  if (choice.isObject()) {
    FieldReader fields(choice, path, faults);
    result.mode = ToolMode::Required;
    result.allowed.push_back(fields.requiredString("name"));
  } else {
    readToolChoice(choice, path, result, faults);
  }
}

// A chosen tool must be there to be called.
void checkChoice(const Request& request, const Path& path, Faults& faults) {
  if (request.tools.empty() || request.toolChoice.allowed.empty()) return;
  std::unordered_set<std::string_view> known;
  for (const Tool& tool : request.tools) known.insert(tool.name);
  for (const std::string& name : request.toolChoice.allowed) {
    if (known.contains(name)) continue;
    faults.report(badRequest("Invalid '" + path.text() + "': there is no tool named '" +
                                 name.substr(0, 100) + "' in 'tools'.",
                             path.text(), "invalid_value"));
  }
}

// A message in the older style has room for one call.
CallLimit readCallLimit(FieldReader& body, CallStyle style) {
  const bool isParallel = body.boolean("parallel_tool_calls").value_or(true);
  return isParallel && style == CallStyle::Tools ? CallLimit::Any : CallLimit::One;
}

}  // namespace

void readTools(FieldReader& body, ChatRequest& chat, Faults& faults) {
  Request& request = chat.request;
  const Path path = body.at("tools");
  for (std::size_t i = 0; const json::Node tool : body.array("tools", kMaxTools).elements()) {
    if (faults.any()) break;
    const Path place(path, i++);
    readTool(tool, place, request, faults);
  }
  if (request.tools.empty()) readLegacyFunctions(body, chat, faults);

  const Path choicePath = body.at("tool_choice");
  if (const json::Node choice = body.any("tool_choice")) {
    readToolChoice(choice, choicePath, request.toolChoice, faults);
    checkChoice(request, choicePath, faults);
  } else {
    readLegacyChoice(body, request.toolChoice, faults);
    checkChoice(request, body.at("function_call"), faults);
  }
  // A choice of no tool is one of no search either, but for what is asked for apart from the tools.
  if (request.toolChoice.mode == ToolMode::None) request.hosted = {};
  request.calls = readCallLimit(body, chat.style.calls);
  if (const json::Node search = body.object("web_search_options")) {
    request.hosted.webSearch = true;
    tellSearchLimits(search, request);
  }
}

}  // namespace rondo::openai
