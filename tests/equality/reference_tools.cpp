#include "equality/reference_tools.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "equality/reference_schema.h"

namespace rondo::equality {
namespace {

constexpr std::size_t kLongestName = 64;

// What a call can be made with is an object.
bool mayBeObject(const Value& schema) {
  static const std::set<std::string> kOthers = {"array", "string", "number", "integer", "boolean"};
  const auto found = schema.find("type");
  const Value types = found == schema.end() ? Value::array()
                      : found->is_array()   ? *found
                                            : Value::array({*found});
  bool hasOther = false;
  for (const Value& each : types) {
    std::string word = each.is_string() ? each.get<std::string>() : "";
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return std::tolower(c); });
    if (kOthers.contains(word)) {
      hasOther = true;
    } else if (word != "null") {
      return true;
    }
  }
  return !hasOther;
}

Tool readDeclaration(const Value& holder, bool isCustom) {
  Tool tool{requiredText(holder, "name"), textAt(holder, "description"), isCustom};
  if (isCustom) return tool;
  const Value* usual = objectAt(holder, "parameters");
  const Value* anthropics = objectAt(holder, "input_schema");
  tool.parameters = usual ? usual : anthropics;
  demand(!tool.parameters || mayBeObject(*tool.parameters));
  return tool;
}

void readTool(const Value& entry, Tools& tools) {
  const std::string type = requiredText(entry, "type");
  if (type == "web_search" || type == "web_search_preview") {
    tools.searches = true;
    return;
  }
  demand(type == "function" || type == "custom");
  tools.list.push_back(readDeclaration(required(entry, type), type == "custom"));
}

std::string modeOf(const std::string& word) {
  if (word == "none") return "NONE";
  if (word == "auto") return "AUTO";
  demand(word == "required" || word == "any");
  return "ANY";
}

std::string chosenName(const Value& choice) {
  return requiredText(required(choice, any(choice, "custom") ? "custom" : "function"), "name");
}

void readAllowedTools(const Value& choice, Tools& tools) {
  const Value& holder = required(choice, "allowed_tools");
  const std::string mode = textAt(holder, "mode");
  demand(mode.empty() || mode == "auto" || mode == "required");
  tools.mode = mode == "required" ? "ANY" : "AUTO";
  const Value* list = arrayAt(holder, "tools");
  if (!list) return;
  for (const Value& each : *list) tools.allowed.push_back(chosenName(each));
}

void readChoice(const Value& choice, Tools& tools) {
  if (choice.is_string()) {
    tools.mode = modeOf(choice.get<std::string>());
    return;
  }
  const std::string type = requiredText(choice, "type");
  if (type == "allowed_tools") {
    readAllowedTools(choice, tools);
  } else if (type == "function" || type == "custom") {
    tools.mode = "ANY";
    tools.allowed.push_back(chosenName(choice));
  } else {
    tools.mode = modeOf(type);
  }
}

void readLegacyChoice(const Value& choice, Tools& tools) {
  if (!choice.is_object()) {
    readChoice(choice, tools);
    return;
  }
  tools.mode = "ANY";
  tools.allowed.push_back(requiredText(choice, "name"));
}

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::ranges::find(list, name) != list.end();
}

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool isNameCharacter(char c) {
  return isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == ':' || c == '-';
}

std::string fit(const std::string& name) {
  std::string result;
  if (name.empty() || (!isLetter(name[0]) && name[0] != '_')) result = "_";
  for (const char c : name) result += isNameCharacter(c) ? c : '_';
  return result.substr(0, kLongestName);
}

void addParameters(Value& declaration, const Value& schema, const Family& family) {
  const bool isJson = family.takesJsonSchema;
  const Value sent = isJson ? parametersJsonSchema(schema) : parametersSchema(schema);
  if (!sent.is_null()) declaration[isJson ? "parametersJsonSchema" : "parameters"] = sent;
}

Value declarationOf(const Tool& tool, const Names& names, const Family& family) {
  Value declaration = {{"name", names.toGoogle(tool.name)}};
  if (!tool.description.empty()) declaration["description"] = tool.description;
  if (tool.isCustom) {
    declaration["parameters"] = {{"type", "OBJECT"},
                                 {"properties", {{"input", {{"type", "STRING"}}}}},
                                 {"required", Value::array({"input"})}};
  } else if (tool.parameters) {
    addParameters(declaration, *tool.parameters, family);
  }
  return declaration;
}

}  // namespace

Tools readTools(const Value& request) {
  Tools tools;
  if (const Value* list = arrayAt(request, "tools")) {
    for (const Value& entry : *list) readTool(entry, tools);
  }
  const Value* functions = tools.list.empty() ? arrayAt(request, "functions") : nullptr;
  if (functions) {
    tools.isLegacy = true;
    for (const Value& each : *functions) tools.list.push_back(readDeclaration(each, false));
  }
  if (const Value* choice = any(request, "tool_choice")) {
    readChoice(*choice, tools);
  } else if (const Value* legacy = any(request, "function_call")) {
    readLegacyChoice(*legacy, tools);
  }
  for (const std::string& name : tools.allowed) {
    const auto isNamed = [&](const Tool& tool) { return tool.name == name; };
    demand(tools.list.empty() || std::ranges::any_of(tools.list, isNamed));
  }
  tools.isParallel = flagAt(request, "parallel_tool_calls").value_or(true);
  if (tools.mode == "NONE") tools.searches = false;
  if (objectAt(request, "web_search_options")) tools.searches = true;
  return tools;
}

// Names that are fit come first and stay as they are.
Names::Names(const Tools& tools, const std::vector<Message>& messages) {
  std::vector<std::string> all;
  for (const Tool& tool : tools.list) {
    all.push_back(tool.name);
    custom_.emplace(tool.name, tool.isCustom);
  }
  for (const Message& message : messages) {
    for (const Call& call : message.calls) all.push_back(call.name);
    if (!message.name.empty()) all.push_back(message.name);
  }
  for (const std::string& name : all) {
    if (fit(name) == name) add(name);
  }
  for (const std::string& name : all) {
    if (fit(name) != name) add(name);
  }
}

void Names::add(const std::string& name) {
  if (google_.contains(name)) return;
  const std::string wanted = fit(name);
  std::string free = wanted;
  for (int number = 2; client_.contains(free); ++number) {
    free = wanted.substr(0, kLongestName - 8) + "_" + std::to_string(number);
  }
  client_.emplace(free, name);
  google_.emplace(name, free);
}

std::string Names::toGoogle(const std::string& name) const {
  const auto known = google_.find(name);
  return known == google_.end() ? fit(name) : known->second;
}

std::string Names::toClient(const std::string& name) const {
  const std::string space = "default_api";
  auto known = client_.find(name);
  if (known == client_.end() && (name.starts_with(space + ".") || name.starts_with(space + ":"))) {
    known = client_.find(name.substr(space.size() + 1));
  }
  return known == client_.end() ? name : known->second;
}

bool Names::isCustom(const std::string& clientName) const {
  const auto known = custom_.find(clientName);
  return known != custom_.end() && known->second;
}

void addTools(Value& body, const Tools& tools, const Names& names, const Family& family) {
  Value declarations = Value::array();
  std::set<std::string> seen;
  // What may not be called gives way to the search.
  const bool searchesAlone = tools.mode == "NONE" && tools.searches && family.hasSearch;
  for (const Tool& tool : tools.list) {
    if (searchesAlone) break;
    const bool isAllowed = tools.allowed.empty() || contains(tools.allowed, tool.name);
    if (tools.mode == "AUTO" && !isAllowed) continue;
    if (seen.insert(tool.name).second) declarations.push_back(declarationOf(tool, names, family));
  }
  if (declarations.empty()) {
    if (tools.searches && family.hasSearch)
      body["tools"] = Value::array({{{"googleSearch", Value::object()}}});
    return;
  }
  body["tools"] = Value::array({{{"functionDeclarations", declarations}}});
  if (tools.mode.empty()) return;
  Value& config = body["toolConfig"]["functionCallingConfig"];
  config["mode"] = tools.mode;
  if (tools.mode != "ANY") return;
  for (const std::string& name : tools.allowed) {
    config["allowedFunctionNames"].push_back(names.toGoogle(name));
  }
}

void addResponseSchema(Value& config, const Value& schema, const Family& family) {
  const bool isJson = family.takesJsonSchema;
  const Value sent = isJson ? answerJsonSchema(schema) : answerSchema(schema);
  if (!sent.is_null()) config[isJson ? "responseJsonSchema" : "responseSchema"] = sent;
}

}  // namespace rondo::equality
