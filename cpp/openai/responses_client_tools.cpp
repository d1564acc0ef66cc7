#include "openai/responses_client_tools.h"

#include <utility>

namespace rondo::openai {
namespace {

using json::Value;

struct Declaration {
  std::string_view description;
  std::string_view schema;  // JSON
};

constexpr Declaration kToolSearch = {
    "Searches for tools that aren't declared yet. Those that it finds can be called afterwards.",
    R"({"type":"object","properties":{
      "query":{"type":"string","description":"What the tools should be able to do."},
      "limit":{"type":"integer","description":"How many tools to find at most."}},
      "required":["query"]})"};

constexpr Declaration kLocalShell = {"Runs one command on the user's machine and gives its output.",
                                     R"({"type":"object","properties":{
      "command":{"type":"array","items":{"type":"string"},
        "description":"The program and its arguments."},
      "working_directory":{"type":"string"},
      "timeout_ms":{"type":"integer"},
      "env":{"type":"object","description":"Variables of the environment.",
        "additionalProperties":{"type":"string"}}},
      "required":["command"]})"};

constexpr Declaration kShell = {
    "Runs shell commands on the user's machine and gives the output of each.",
    R"({"type":"object","properties":{
      "commands":{"type":"array","items":{"type":"string"},
        "description":"Command lines, each run by itself."},
      "timeout_ms":{"type":"integer"},
      "max_output_length":{"type":"integer","description":"In characters, of all outputs."}},
      "required":["commands"]})"};

constexpr Declaration kApplyPatch = {
    "Creates, changes or deletes one file of the user's. A diff is in the V4A format: sections "
    "that begin with @@, whose lines begin with a space, a - or a +. That of a new file has all "
    "its lines behind a +.",
    R"({"type":"object","properties":{
      "type":{"type":"string","enum":["create_file","update_file","delete_file"]},
      "path":{"type":"string"},
      "diff":{"type":"string","description":"Absent when a file is deleted."}},
      "required":["type","path"]})"};

const Declaration& declarationOf(CallItem item) {
  switch (item) {
    case CallItem::LocalShell: return kLocalShell;
    case CallItem::Shell: return kShell;
    case CallItem::ApplyPatch: return kApplyPatch;
    case CallItem::Function:
    case CallItem::Custom:
    case CallItem::ToolSearch: break;
  }
  return kToolSearch;
}

// Models may leave out what OpenAI's clients take for granted.
void ensure(Value& object, const char* key, Value otherwise) {
  const auto known = object.find(key);
  const bool isThere = known != object.end() && known->type() == otherwise.type();
  if (!isThere) object[key] = std::move(otherwise);
}

void ensureNumberOrNull(Value& object, const char* key) {
  if (!json::findInteger(object, key)) object[key] = nullptr;
}

Value parsedObject(std::string_view arguments) {
  auto value = json::parse(arguments);
  return value && value->is_object() ? std::move(*value) : Value::object();
}

Value localShellAction(Value action) {
  action["type"] = "exec";
  ensure(action, "command", Value::array());
  ensure(action, "env", Value::object());
  return action;
}

Value shellAction(Value action) {
  ensure(action, "commands", Value::array());
  ensureNumberOrNull(action, "timeout_ms");
  ensureNumberOrNull(action, "max_output_length");
  return action;
}

Value patchOperation(Value operation) {
  ensure(operation, "type", "update_file");
  ensure(operation, "path", "");
  if (operation["type"] == "delete_file") {
    operation.erase("diff");
  } else {
    ensure(operation, "diff", "");
  }
  return operation;
}

std::string_view actionKey(CallItem item) {
  switch (item) {
    case CallItem::LocalShell:
    case CallItem::Shell: return "action";
    case CallItem::ApplyPatch: return "operation";
    case CallItem::Function:
    case CallItem::Custom:
    case CallItem::ToolSearch: break;
  }
  return "arguments";
}

// A model that was never told of a member has not sent it either.
bool isAddition(CallItem item, std::string_view key, json::Node value) {
  if (item == CallItem::LocalShell) {
    const bool isEmpty = value.isObject() && value.source() == "{}";
    return key == "type" || (key == "env" && isEmpty);
  }
  const bool isNull = value.isNull();
  return item == CallItem::Shell && isNull && (key == "timeout_ms" || key == "max_output_length");
}

}  // namespace

conversation::Tool clientTool(CallItem item, std::string name) {
  const Declaration& declaration = declarationOf(item);
  conversation::Tool tool;
  tool.name = std::move(name);
  tool.description = declaration.description;
  auto schema = json::parse(declaration.schema);
  if (schema) tool.parameters = std::move(*schema);
  return tool;
}

void writeAction(json::Writer& writer, CallItem item, std::string_view arguments) {
  Value action = parsedObject(arguments);
  writer.key(actionKey(item));
  if (item == CallItem::LocalShell) {
    writer.value(localShellAction(std::move(action)));
  } else if (item == CallItem::Shell) {
    writer.value(shellAction(std::move(action)));
    writer.key("environment").beginObject().key("type").string("local").endObject();
  } else if (item == CallItem::ApplyPatch) {
    writer.value(patchOperation(std::move(action)));
  } else {
    writer.value(action).key("execution").string("client");
  }
}

json::Node actionOf(CallItem item, json::Node callItem) { return callItem.find(actionKey(item)); }

std::optional<std::string> withoutAdditions(CallItem item, json::Node action) {
  bool hasAdditions = false;
  std::string own;
  json::Writer writer(own);
  writer.beginObject();
  for (const auto& [key, value] : action.members()) {
    if (isAddition(item, key.string(), value)) {
      hasAdditions = true;
    } else {
      writer.key(key.string());
      value.appendTo(writer.token());
    }
  }
  writer.endObject();
  return hasAdditions ? std::optional(std::move(own)) : std::nullopt;
}

}  // namespace rondo::openai
