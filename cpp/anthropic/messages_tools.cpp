#include <algorithm>
#include <array>
#include <utility>

#include "anthropic/messages_request_parts.h"
#include "conversation/search_limits.h"
#include "conversation/tool_schema.h"

namespace rondo::anthropic {
namespace {

using conversation::CallLimit;
using conversation::HostedTools;
using conversation::Request;
using conversation::Tool;
using conversation::ToolChoice;
using conversation::ToolMode;

// Declarations that Gemini takes in one request (ai.google.dev/api/caching#FunctionDeclaration).
constexpr std::size_t kMaxTools = 512;

// Bytes of the examples of one tool's input.
constexpr std::size_t kMostOfExamples = 8 * 1024;

constexpr std::size_t kShown = 60;

// Tools of Anthropic's that Google runs in its own way.
constexpr std::string_view kWebSearch = "web_search";
constexpr std::string_view kCodeExecution = "code_execution";

// "web_search_20250305" is a version of "web_search".
bool isVersionOf(std::string_view type, std::string_view tool) {
  if (!type.starts_with(tool)) return false;
  const std::string_view rest = type.substr(tool.size());
  return rest.size() > 1 && rest[0] == '_' &&
         rest.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

// "tools[0]" in Anthropic's spelling: "tools.0".
std::string dotted(const Path& path) {
  std::string text;
  for (const char c : path.text()) {
    if (c != ']') text += c == '[' ? '.' : c;
  }
  return text;
}

void checkInput(const json::Value& schema, const Path& path, Faults& faults) {
  if (conversation::typeOfNoObject(schema).empty()) return;
  const std::string place = dotted(path) + ".custom.input_schema.type";
  faults.report(badRequest(place + ": Input should be 'object'", place, "invalid_value"));
}

// Google has no place for examples but the words that describe a tool.
void describeExamples(FieldReader& fields, Tool& tool, Reading& reading) {
  std::string examples;
  for (const json::Node example : fields.array("input_examples").elements()) {
    if (examples.size() + example.source().size() > kMostOfExamples) {
      reading.tell("input_examples");
      continue;
    }
    example.appendTo(examples += '\n');
  }
  if (examples.empty()) return;
  if (!tool.description.empty()) tool.description += "\n\n";
  tool.description += "Examples of its input:" + examples;
}

Tool readDeclaration(FieldReader& fields, Reading& reading) {
  Tool tool;
  tool.name = fields.requiredString("name");
  tool.description = fields.string("description");
  tool.parameters = fields.ownObject("input_schema");
  if (!fields.any("input_schema")) reading.faults.missing(fields.at("input_schema"));
  if (tool.parameters) checkInput(*tool.parameters, fields.path(), reading.faults);
  describeExamples(fields, tool, reading);
  return tool;
}

// Google's search takes no list of domains and no place to search from.
void readSearch(FieldReader& fields, Reading& reading) {
  reading.request.hosted.webSearch = true;
  const json::Node location = fields.any("user_location");
  for (const auto word : conversation::unmetLimits(fields.self(), {location})) reading.tell(word);
}

void refuseTool(FieldReader& fields, std::string_view type, Faults& faults) {
  const std::string place = fields.at("type").text();
  std::string text = "Invalid value for '" + place + "': the tool '";
  text.append(type.substr(0, kShown))
      .append("' is run by Anthropic alone. Of its tools, there are ");
  text += "web_search, code_execution, bash, text_editor and memory here.";
  faults.report(badRequest(std::move(text), place, "unsupported_tool"));
}

void readTool(json::Node entry, const Path& path, Reading& reading) {
  Request& request = reading.request;
  FieldReader fields(entry, path, reading.faults);
  const std::string type = fields.string("type");
  if (reading.faults.any()) return;
  if (type.empty() || type == "custom") {
    request.tools.push_back(readDeclaration(fields, reading));
  } else if (isVersionOf(type, kWebSearch)) {
    readSearch(fields, reading);
  } else if (isVersionOf(type, kCodeExecution)) {
    request.hosted.codeExecution = true;
  } else if (auto tool = clientTool(type, fields.string("name"))) {
    describeExamples(fields, *tool, reading);
    request.tools.push_back(std::move(*tool));
  } else {
    refuseTool(fields, type, reading.faults);
  }
}

// The one of Google's tools that has the name.
HostedTools hostedAlone(std::string_view name, const HostedTools& hosted) {
  return {.webSearch = hosted.webSearch && name == kWebSearch,
          .codeExecution = hosted.codeExecution && name == kCodeExecution};
}

// The tool that has to be called. One of Google's can't be forced: it is all that is left to
// choose.
void readNamed(FieldReader& choice, Reading& reading) {
  Request& request = reading.request;
  std::string name = choice.requiredString("name");
  if (name.empty()) return;
  if (std::ranges::find(request.tools, name, &Tool::name) != request.tools.end()) {
    request.toolChoice.mode = ToolMode::Required;
    request.toolChoice.allowed.push_back(std::move(name));
  } else if (const auto hosted = hostedAlone(name, request.hosted); hosted.any()) {
    request.hosted = hosted;
    request.toolChoice.mode = ToolMode::None;
    reading.tell("tool_choice");
  } else {
    const std::string place = choice.at("name").text();
    reading.faults.report(badRequest("Invalid '" + place + "': there is no tool named '" +
                                         name.substr(0, kShown) + "' in 'tools'.",
                                     place, "invalid_value"));
  }
}

void readChoice(FieldReader& body, Reading& reading) {
  const json::Node holder = body.any("tool_choice");
  const Path path = body.at("tool_choice");
  if (!holder) return;
  FieldReader choice(holder, path, reading.faults);
  const std::string type = choice.requiredString("type");
  ToolChoice& result = reading.request.toolChoice;
  if (type == "auto") {
    result.mode = ToolMode::Auto;
  } else if (type == "any") {
    result.mode = ToolMode::Required;
  } else if (type == "none") {
    result.mode = ToolMode::None;
    reading.request.hosted = {};
  } else if (type == "tool") {
    readNamed(choice, reading);
  } else if (!type.empty()) {
    reading.faults.unknownValue(choice.at("type"), type, {"auto", "any", "tool", "none"});
  }
  if (choice.boolean("disable_parallel_tool_use").value_or(false)) {
    reading.request.calls = CallLimit::One;
  }
}

}  // namespace

bool readToolChange(FieldReader& block, std::string_view type, Reading& reading) {
  if (type != "tool_addition" && type != "tool_removal") return false;
  const json::Node holder = block.any("tool");
  const Path path = block.at("tool");
  FieldReader tool(holder, path, reading.faults);
  const json::Node definition = tool.any("definition");
  const Path place = tool.at("definition");
  if (reading.faults.any()) return true;
  if (definition && type == "tool_addition") {
    readTool(definition, place, reading);
  } else {
    reading.request.adjusted.emplace_back("tools");
  }
  return true;
}

void readTools(FieldReader& body, Reading& reading) {
  const Path path = body.at("tools");
  for (std::size_t i = 0; const json::Node tool : body.array("tools", kMaxTools).elements()) {
    if (reading.faults.any()) break;
    const Path place(path, i++);
    readTool(tool, place, reading);
  }
  if (body.array("mcp_servers").hasElements()) {
    const std::string place = body.at("mcp_servers").text();
    reading.faults.report(badRequest("Invalid '" + place +
                                         "': no MCP server is called from here. "
                                         "Call it yourself, and declare its tools in 'tools'.",
                                     place, "unsupported_tool"));
  }
  readChoice(body, reading);
}

}  // namespace rondo::anthropic
