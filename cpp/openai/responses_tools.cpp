#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "openai/responses_client_tools.h"
#include "openai/responses_request_parts.h"

namespace rondo::openai {
namespace {

using conversation::CallLimit;
using conversation::HostedTools;
using conversation::Request;
using conversation::Tool;
using conversation::ToolChoice;
using conversation::ToolKind;
using conversation::ToolMode;

// Declarations that Gemini takes in one request (ai.google.dev/api/caching#FunctionDeclaration),
// those of namespaces and of items included.
constexpr std::size_t kMaxTools = 512;

bool isWebSearch(std::string_view type) { return type.starts_with("web_search"); }

// What runs at OpenAI or at others that it calls.
bool runsElsewhere(std::string_view type) {
  static constexpr std::array<std::string_view, 3> kTypes = {"file_search", "mcp",
                                                             "programmatic_tool_calling"};
  return type.starts_with("computer") || std::ranges::find(kTypes, type) != kTypes.end();
}

// Kinds of tools that have no names.
std::optional<CallItem> namelessItem(std::string_view type) {
  if (type == "local_shell") return CallItem::LocalShell;
  if (type == "shell") return CallItem::Shell;
  if (type == "apply_patch") return CallItem::ApplyPatch;
  if (type == "tool_search") return CallItem::ToolSearch;
  return std::nullopt;
}

Error unsupportedTool(std::string_view type, const Path& path) {
  std::string text = "The tool '" + std::string(type.substr(0, 60)) +
                     "' can't be run here: leave it out of 'tools', or bring a function that does "
                     "the same.";
  return badRequest(std::move(text), path.text(), "unsupported_tool");
}

// What a namespace has to say of all its tools, told with the first of them.
struct Space {
  std::string name;
  std::string description;
};

// Reads lists of tools into a request.
class ToolReader {
 public:
  ToolReader(ResponsesRequest& responses, Faults& faults)
      : request_(responses.request),
        declared_(responses.declared),
        names_(responses.style.tools),
        faults_(faults) {}

  std::vector<std::string> readList(FieldReader& holder, std::string_view key) {
    const Path path = holder.at(key);
    for (std::size_t i = 0; const json::Node entry : holder.array(key, kMaxTools).elements()) {
      if (faults_.any()) break;
      const Path place(path, i++);
      readTool(entry, place);
    }
    return std::move(read_);
  }

 private:
  void readTool(json::Node entry, const Path& path) {
    FieldReader fields(entry, path, faults_);
    const std::string type = fields.requiredString("type");
    if (faults_.any()) return;
    if (type == "function" || type == "custom") {
      Space none;
      readNamed(fields, type, none);
    } else if (type == "namespace") {
      readSpace(fields);
    } else if (isWebSearch(type)) {
      request_.hosted.webSearch = true;
      tellSearchLimits(entry, request_);
    } else if (type == "code_interpreter") {
      readCodeTool(fields);
    } else if (type == "image_generation") {
      request_.modalities = {conversation::Modality::Text, conversation::Modality::Image};
      request_.imageTool = conversation::Place(fields.any("type"));
    } else if (const auto item = namelessItem(type)) {
      readNameless(fields, *item);
    } else if (runsElsewhere(type)) {
      faults_.report(unsupportedTool(type, fields.at("type")));
    } else {
      faults_.unknownValue(fields.at("type"), type,
                           {"function", "custom", "namespace", "web_search", "code_interpreter",
                            "tool_search", "local_shell", "shell", "apply_patch"});
    }
  }

  // Google's code runs where nobody can put files: one that is left out would be missed there.
  void readCodeTool(FieldReader& fields) {
    request_.hosted.codeExecution = true;
    if (!fields.any("container").find("file_ids").hasElements()) return;
    const Path container = fields.at("container");
    const std::string place = Path(container, "file_ids").text();
    faults_.report(badRequest("'" + place +
                                  "' is not supported: no files can be put where code runs. Send "
                                  "what they hold in 'input'.",
                              place, "unsupported_parameter"));
  }

  void readSpace(FieldReader& fields) {
    Space space{fields.requiredString("name"), fields.string("description")};
    const Path path = fields.at("tools");
    for (std::size_t i = 0; const json::Node entry : fields.array("tools", kMaxTools).elements()) {
      if (faults_.any()) break;
      const Path place(path, i++);
      FieldReader tool(entry, place, faults_);
      const std::string type = tool.requiredString("type");
      if (type == "function" || type == "custom") {
        readNamed(tool, type, space);
      } else {
        faults_.unknownValue(tool.at("type"), type, {"function", "custom"});
      }
    }
  }

  void readNamed(FieldReader& fields, std::string_view type, Space& space) {
    const bool isCustom = type == "custom";
    Tool tool;
    tool.kind = isCustom ? ToolKind::Custom : ToolKind::Function;
    tool.name = names_.nameOf({isCustom ? CallItem::Custom : CallItem::Function, space.name,
                               fields.requiredString("name")});
    tool.description = fields.string("description");
    if (isCustom) {
      describeInput(fields, tool.description);
    } else {
      tool.parameters = readParameters(fields, tool.name);
    }
    const std::string shared = std::exchange(space.description, {});
    if (!shared.empty()) {
      addParagraph(tool.description, "All tools of '" + space.name + "': " + shared);
    }
    declare(std::move(tool), fields.path());
  }

  std::optional<json::Value> readParameters(FieldReader& fields, std::string_view function) {
    auto schema = fields.ownObject("parameters");
    if (schema) checkParameters(*schema, function, fields.at("parameters"), faults_);
    return schema;
  }

  static void addParagraph(std::string& text, std::string_view paragraph) {
    if (!text.empty()) text += "\n\n";
    text += paragraph;
  }

  // A grammar has no other place.
  void describeInput(FieldReader& fields, std::string& description) {
    const Path path = fields.at("format");
    const json::Node holder = fields.any("format");
    if (!holder) return;
    FieldReader format(holder, path, faults_);
    if (format.string("type") != "grammar") return;
    // Chat's way has the two one level deeper.
    const Path inner = format.at("grammar");
    const json::Node nested = format.object("grammar");
    FieldReader grammar(nested ? nested : holder, nested ? inner : path, faults_);
    addParagraph(description, "The input obeys this " + grammar.string("syntax") + " grammar:\n" +
                                  grammar.string("definition"));
  }

  void readNameless(FieldReader& fields, CallItem item) {
    if (item == CallItem::ToolSearch) return readToolSearch(fields);
    if (item == CallItem::Shell && runsInContainer(fields)) {
      const Path environment = fields.at("environment");
      faults_.report(unsupportedTool("shell", Path(environment, "type")));
      return;
    }
    declare(clientTool(item, names_.nameOf({item})), fields.path());
  }

  // Unless the client searches, there is nothing to search for: all tools are declared at once.
  void readToolSearch(FieldReader& fields) {
    if (fields.string("execution") != "client") return;
    Tool tool = clientTool(CallItem::ToolSearch, names_.nameOf({CallItem::ToolSearch}));
    if (auto description = fields.string("description"); !description.empty()) {
      tool.description = std::move(description);
    }
    if (auto parameters = readParameters(fields, tool.name)) {
      tool.parameters = std::move(*parameters);
    }
    declare(std::move(tool), fields.path());
  }

  static bool runsInContainer(FieldReader& fields) {
    const std::string type = fields.object("environment").find("type").string();
    return !type.empty() && type != "local";
  }

  void declare(Tool tool, const Path& path) {
    read_.push_back(tool.name);
    if (!declared_.insert(tool.name).second) return;
    if (request_.tools.size() == kMaxTools) {
      faults_.report(badRequest("Invalid '" + path.text() + "': expected at most " +
                                    std::to_string(kMaxTools) +
                                    " tools in all, those of namespaces included.",
                                path.text(), "array_above_max_length"));
      return;
    }
    request_.tools.push_back(std::move(tool));
  }

  Request& request_;
  std::unordered_set<std::string>& declared_;
  ToolNames& names_;
  Faults& faults_;
  std::vector<std::string> read_;
};

// --- The choice ----------------------------------------------------------------------------------

// The tools among which a client lets choose.
struct Chosen {
  std::vector<std::string> names;  // Each once.
  std::unordered_set<std::string> seen = {};
  std::unordered_set<std::string> spaces = {};  // Those whose tools are all among the names.
  HostedTools hosted = {};

  void add(std::string name) {
    if (seen.insert(name).second) names.push_back(std::move(name));
  }
};

class ChoiceReader {
 public:
  ChoiceReader(ResponsesRequest& responses, Faults& faults)
      : request_(responses.request), names_(responses.style.tools), faults_(faults) {}

  void read(json::Node choice, const Path& path) {
    if (choice.isString()) return readWord(choice.string(), path);
    if (!choice.isObject()) return faults_.wrongType(path, "a string or an object", choice);
    FieldReader fields(choice, path, faults_);
    const std::string type = fields.requiredString("type");
    if (faults_.any()) return;
    if (type == "allowed_tools") return readAllowed(fields);
    Chosen chosen;
    add(fields, type, chosen);
    choose(ToolMode::Required, std::move(chosen), path);
  }

 private:
  static std::optional<ToolMode> modeOf(std::string_view word) {
    if (word == "none") return ToolMode::None;
    if (word == "auto") return ToolMode::Auto;
    if (word == "required") return ToolMode::Required;
    return std::nullopt;
  }

  void readWord(const std::string& word, const Path& path) {
    request_.toolChoice.mode = modeOf(word);
    if (!request_.toolChoice.mode) {
      faults_.unknownValue(path, word, {"none", "auto", "required"});
    }
    // Hosted tools are tools too.
    if (word == "none") request_.hosted = {};
  }

  void readAllowed(FieldReader& fields) {
    const std::string mode = fields.string("mode");
    if (!mode.empty() && mode != "auto" && mode != "required") {
      faults_.unknownValue(fields.at("mode"), mode, {"auto", "required"});
    }
    Chosen chosen;
    const Path list = fields.at("tools");
    for (std::size_t i = 0; const json::Node entry : fields.array("tools", kMaxTools).elements()) {
      if (faults_.any()) return;
      const Path place(list, i++);
      FieldReader tool(entry, place, faults_);
      const std::string type = tool.requiredString("type");
      if (!faults_.any()) add(tool, type, chosen);
    }
    choose(mode == "required" ? ToolMode::Required : ToolMode::Auto, std::move(chosen), list);
  }

  void add(FieldReader& fields, std::string_view type, Chosen& chosen) {
    if (type == "function" || type == "custom") {
      chosen.add(names_.nameOf(
          {CallItem::Function, fields.string("namespace"), fields.requiredString("name")}));
    } else if (const auto item = namelessItem(type)) {
      chosen.add(names_.nameOf({*item}));
    } else if (type == "namespace") {
      addSpace(fields.requiredString("name"), chosen);
    } else if (isWebSearch(type)) {
      chosen.hosted.webSearch = true;
    } else if (type == "code_interpreter") {
      chosen.hosted.codeExecution = true;
    } else if (type == "image_generation" && request_.imageTool) {
      return;
    } else {
      faults_.report(unsupportedTool(type, fields.at("type")));
    }
  }

  void addSpace(const std::string& space, Chosen& chosen) {
    if (!chosen.spaces.insert(space).second) return;
    for (const Tool& tool : request_.tools) {
      const ToolAddress* address = names_.find(tool.name);
      if (address && address->space == space) chosen.add(tool.name);
    }
  }

  // Without functions among the chosen, none may be called. A tool of the back-end's own can't be
  // obliged to run: it is all that is left to choose.
  void choose(ToolMode mode, Chosen chosen, const Path& path) {
    checkKnown(chosen, path);
    request_.hosted.webSearch = request_.hosted.webSearch && chosen.hosted.webSearch;
    request_.hosted.codeExecution = request_.hosted.codeExecution && chosen.hosted.codeExecution;
    request_.toolChoice.mode = chosen.names.empty() ? ToolMode::None : mode;
    request_.toolChoice.allowed = std::move(chosen.names);
  }

  void checkKnown(const Chosen& chosen, const Path& path) {
    std::unordered_set<std::string_view> known;
    for (const Tool& tool : request_.tools) known.insert(tool.name);
    for (const std::string& name : chosen.names) {
      if (!known.contains(name)) reportUnknown(name, path);
    }
    const HostedTools there = request_.hosted;
    if (chosen.hosted.webSearch && !there.webSearch) reportUnknown("web_search", path);
    if (chosen.hosted.codeExecution && !there.codeExecution) {
      reportUnknown("code_interpreter", path);
    }
  }

  void reportUnknown(std::string_view name, const Path& path) {
    std::string text = "Invalid '" + path.text() + "': there is no tool '";
    text.append(name.substr(0, 100)).append("' in 'tools'.");
    faults_.report(badRequest(std::move(text), path.text(), "invalid_value"));
  }

  Request& request_;
  ToolNames& names_;
  Faults& faults_;
};

}  // namespace

std::vector<std::string> readToolList(FieldReader& holder, std::string_view key,
                                      ResponsesRequest& responses, Faults& faults) {
  return ToolReader(responses, faults).readList(holder, key);
}

void readToolUse(FieldReader& body, ResponsesRequest& responses, Faults& faults) {
  const Path path = body.at("tool_choice");
  if (const json::Node choice = body.any("tool_choice")) {
    ChoiceReader(responses, faults).read(choice, path);
  }
  const bool isParallel = body.boolean("parallel_tool_calls").value_or(true);
  responses.request.calls = isParallel ? CallLimit::Any : CallLimit::One;
}

}  // namespace rondo::openai
