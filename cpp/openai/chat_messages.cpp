#include <algorithm>
#include <iterator>
#include <utility>

#include "openai/chat_request_parts.h"

namespace rondo::openai {
namespace {

using conversation::Call;
using conversation::CallResult;
using conversation::Content;
using conversation::Place;
using conversation::RefusalPart;
using conversation::TextPart;
using conversation::ToolOutcome;
using conversation::Turn;

// `developer` counts as System, `function` as Tool.
enum class Role { System, User, Assistant, Tool };

std::optional<Role> readRole(FieldReader& message, Faults& faults) {
  const std::string role = message.requiredString("role");
  if (role == "user") return Role::User;
  if (role == "assistant") return Role::Assistant;
  if (role == "system" || role == "developer") return Role::System;
  if (role == "tool" || role == "function") return Role::Tool;
  faults.unknownValue(message.at("role"), role,
                      {"system", "developer", "user", "assistant", "tool", "function"});
  return std::nullopt;
}

// Anthropic's {"type":"tool_use","id","name","input"}.
Call readToolUse(json::Node block, const Path& path, Faults& faults) {
  FieldReader fields(block, path, faults);
  Call call;
  call.id = fields.string("id");
  call.name = fields.requiredString("name");
  if (const json::Node input = fields.object("input")) input.appendTo(call.arguments);
  call.signature = readSignature(fields);
  call.place = Place(block);
  return call;
}

// Anthropic's {"type":"tool_result","tool_use_id","content","is_error"}.
CallResult readToolResult(json::Node block, const Path& path, Faults& faults) {
  FieldReader fields(block, path, faults);
  CallResult result;
  result.callId = fields.requiredString("tool_use_id");
  const Path place = fields.at("content");
  if (const json::Node content = fields.any("content")) {
    result.content = readContent(content, place, faults);
  }
  if (fields.boolean("is_error").value_or(false)) result.outcome = ToolOutcome::Failed;
  result.place = Place(block);
  return result;
}

// What one entry of `messages` says.
struct Message {
  std::vector<CallResult> results;
  std::vector<Content> content;
  std::vector<Call> calls;
};

// Takes the blocks that are calls, results or hidden reasoning out of a content array.
Message readBlocks(json::Node content, const Path& path, Faults& faults) {
  Message message;
  for (std::size_t i = 0; const json::Node block : content.elements()) {
    if (faults.any()) break;
    const Path place(path, i++);
    FieldReader fields(block, place, faults);
    const std::string type = block.find("type").string();
    if (type == "tool_use") {
      message.calls.push_back(readToolUse(block, place, faults));
    } else if (type == "tool_result") {
      message.results.push_back(readToolResult(block, place, faults));
    } else if (type == "thinking" || type == "redacted_thinking" || type == "reasoning") {
      continue;
    } else if (type.empty()) {
      fields.requiredString("type");
    } else if (auto part = readPart(fields, type, faults)) {
      message.content.push_back(std::move(*part));
    }
  }
  return message;
}

// Images that the assistant made, in the shape in which they were handed out.
void readMadeImages(FieldReader& fields, Message& message, Faults& faults) {
  const Path path = fields.at("images");
  const json::Node images = fields.array("images");
  if (!images) return;
  auto parts = readContent(images, path, faults);
  std::move(parts.begin(), parts.end(), std::back_inserter(message.content));
}

// The signature came at the end of the text.
void signText(std::vector<Content>& content, std::string signature) {
  TextPart* last = nullptr;
  for (Content& part : content) {
    auto* text = std::get_if<TextPart>(&part);
    if (text && !text->text.empty()) last = text;
  }
  if (last) last->signature = std::move(signature);
}

void readAssistantFields(FieldReader& fields, Message& message, Faults& faults) {
  readMadeImages(fields, message, faults);
  if (const json::Text refusal = fields.text("refusal"); !refusal.empty()) {
    message.content.emplace_back(RefusalPart{refusal});
  }
  auto calls = readToolCalls(fields, faults);
  std::move(calls.begin(), calls.end(), std::back_inserter(message.calls));
  // A client that gathers what a turn brought may repeat a call's signature beside it.
  std::string signature = readSignature(fields);
  const bool isACalls = std::ranges::any_of(
      message.calls, [&signature](const Call& call) { return call.signature.value == signature; });
  if (!isACalls) signText(message.content, std::move(signature));
}

// A message of a tool is what it has found out.
void readToolFields(FieldReader& fields, Message& message, Faults& faults) {
  CallResult result;
  result.callId = fields.string("tool_call_id");
  result.name = fields.string("name");
  if (result.callId.empty() && result.name.empty()) faults.missing(fields.at("tool_call_id"));
  result.content = std::exchange(message.content, {});
  result.place = Place(fields.self());
  message.results.push_back(std::move(result));
}

conversation::Role speakerOf(Role role) {
  switch (role) {
    case Role::System: return conversation::Role::System;
    case Role::Assistant: return conversation::Role::Assistant;
    case Role::User:
    case Role::Tool: break;
  }
  return conversation::Role::User;
}

// Appends the turns that a message makes: its results are a user's, whoever brings them.
void addTurns(Role role, Message message, std::vector<Turn>& turns) {
  if (!message.results.empty()) {
    Turn& results = turns.emplace_back();
    for (auto& result : message.results) results.parts.emplace_back(std::move(result));
    if (message.content.empty() && message.calls.empty()) return;
  }
  Turn& turn = turns.emplace_back();
  turn.role = speakerOf(role);
  for (Content& part : message.content) {
    std::visit([&turn](auto& each) { turn.parts.emplace_back(std::move(each)); }, part);
  }
  for (Call& call : message.calls) turn.parts.emplace_back(std::move(call));
}

// Appends the turns that `entry` stands for.
void readMessage(json::Node entry, const Path& path, Faults& faults, std::vector<Turn>& turns) {
  FieldReader fields(entry, path, faults);
  if (faults.any()) return;
  const auto role = readRole(fields, faults);
  if (!role) return;

  Message message;
  const Path place = fields.at("content");
  const json::Node content = fields.any("content");
  if (content.isArray()) {
    message = readBlocks(content, place, faults);
  } else if (content) {
    message.content = readContent(content, place, faults);
  } else if (*role == Role::User || *role == Role::System) {
    faults.missing(place);
  }
  if (*role == Role::Assistant) readAssistantFields(fields, message, faults);
  const bool isNothingButResults = !message.results.empty() && message.content.empty();
  if (*role == Role::Tool && !isNothingButResults) readToolFields(fields, message, faults);
  addTurns(*role, std::move(message), turns);
}

}  // namespace

std::vector<Turn> readMessages(json::Node messages, const Path& path, Faults& faults) {
  std::vector<Turn> turns;
  for (std::size_t i = 0; const json::Node message : messages.elements()) {
    if (faults.any()) break;
    const Path place(path, i++);
    readMessage(message, place, faults, turns);
  }
  return turns;
}

}  // namespace rondo::openai
