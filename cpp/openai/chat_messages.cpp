#include <algorithm>
#include <iterator>
#include <utility>

#include "openai/chat_request_parts.h"

namespace rondo::openai {
namespace {

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
ToolCall readToolUse(json::Node block, const Path& path, Faults& faults) {
  FieldReader fields(block, path, faults);
  ToolCall call;
  call.id = fields.string("id");
  call.name = fields.requiredString("name");
  if (const json::Node input = fields.object("input")) input.appendTo(call.arguments);
  call.signature = readSignature(fields);
  return call;
}

// Anthropic's {"type":"tool_result","tool_use_id","content","is_error"}.
Message readToolResult(json::Node block, const Path& path, Faults& faults) {
  FieldReader fields(block, path, faults);
  Message result;
  result.role = Role::Tool;
  result.toolCallId = fields.requiredString("tool_use_id");
  const Path place = fields.at("content");
  if (const json::Node content = fields.any("content")) {
    result.content = readContent(content, place, faults);
  }
  if (fields.boolean("is_error").value_or(false)) result.outcome = ToolOutcome::Failed;
  return result;
}

// Takes the blocks that are calls, results or hidden reasoning out of a content array.
struct Blocks {
  std::vector<Message> results;
  std::vector<ToolCall> calls;
  std::vector<ContentPart> content;
};

Blocks readBlocks(json::Node content, const Path& path, Faults& faults) {
  Blocks blocks;
  for (std::size_t i = 0; const json::Node block : content.elements()) {
    if (faults.any()) break;
    const Path place(path, i++);
    FieldReader fields(block, place, faults);
    const std::string type = block.find("type").string();
    if (type == "tool_use") {
      blocks.calls.push_back(readToolUse(block, place, faults));
    } else if (type == "tool_result") {
      blocks.results.push_back(readToolResult(block, place, faults));
    } else if (type == "thinking" || type == "redacted_thinking" || type == "reasoning") {
      continue;
    } else if (type.empty()) {
      fields.requiredString("type");
    } else if (auto part = readPart(fields, type, faults)) {
      blocks.content.push_back(std::move(*part));
    }
  }
  return blocks;
}

// Images that the assistant made, in the shape in which they were handed out.
void readMadeImages(FieldReader& fields, Message& message, Faults& faults) {
  const Path path = fields.at("images");
  const json::Node images = fields.array("images");
  if (!images) return;
  auto parts = readContent(images, path, faults);
  std::move(parts.begin(), parts.end(), std::back_inserter(message.content));
}

void readAssistantFields(FieldReader& fields, Message& message, Faults& faults) {
  readMadeImages(fields, message, faults);
  if (const json::Text refusal = fields.text("refusal"); !refusal.empty()) {
    message.content.emplace_back(RefusalPart{refusal});
  }
  auto calls = readToolCalls(fields, faults);
  std::move(calls.begin(), calls.end(), std::back_inserter(message.toolCalls));
  // A client that gathers what a turn brought may repeat a call's signature beside it.
  std::string signature = readSignature(fields);
  const bool isACalls = std::ranges::find(message.toolCalls, signature, &ToolCall::signature) !=
                        message.toolCalls.end();
  if (!isACalls) message.signature = std::move(signature);
}

void readToolFields(FieldReader& fields, Message& message, Faults& faults) {
  message.toolCallId = fields.string("tool_call_id");
  message.name = fields.string("name");
  if (message.toolCallId.empty() && message.name.empty()) {
    faults.missing(fields.at("tool_call_id"));
  }
}

// Appends the one or more Messages that `entry` stands for.
void readMessage(json::Node entry, const Path& path, Faults& faults,
                 std::vector<Message>& messages) {
  FieldReader fields(entry, path, faults);
  if (faults.any()) return;
  const auto role = readRole(fields, faults);
  if (!role) return;

  Message message;
  message.role = *role;
  const Path place = fields.at("content");
  const json::Node content = fields.any("content");
  if (content.isArray()) {
    Blocks blocks = readBlocks(content, place, faults);
    std::move(blocks.results.begin(), blocks.results.end(), std::back_inserter(messages));
    message.content = std::move(blocks.content);
    message.toolCalls = std::move(blocks.calls);
    // A turn that was nothing but results is told by them.
    if (!blocks.results.empty() && message.content.empty()) return;
  } else if (content) {
    message.content = readContent(content, place, faults);
  } else if (*role == Role::User || *role == Role::System) {
    faults.missing(place);
  }
  if (*role == Role::Assistant) readAssistantFields(fields, message, faults);
  if (*role == Role::Tool) readToolFields(fields, message, faults);
  messages.push_back(std::move(message));
}

}  // namespace

std::vector<Message> readMessages(json::Node messages, const Path& path, Faults& faults) {
  std::vector<Message> read;
  for (std::size_t i = 0; const json::Node message : messages.elements()) {
    if (faults.any()) break;
    const std::size_t before = read.size();
    readMessage(message, Path(path, i), faults, read);
    for (std::size_t added = before; added < read.size(); ++added) read[added].index = i;
    ++i;
  }
  return read;
}

}  // namespace rondo::openai
