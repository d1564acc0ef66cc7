#include <utility>

#include "anthropic/messages_request_parts.h"

namespace rondo::anthropic {
namespace {

using conversation::Content;
using conversation::Role;
using conversation::TextPart;
using conversation::Turn;

std::optional<Role> readRole(FieldReader& message, Faults& faults) {
  const std::string role = message.requiredString("role");
  if (role == "user") return Role::User;
  if (role == "assistant") return Role::Assistant;
  if (role == "system") return Role::System;
  if (!role.empty()) {
    faults.unknownValue(message.at("role"), role, {"user", "assistant", "system"});
  }
  return std::nullopt;
}

void addContent(std::vector<Content> content, Turn& turn) {
  for (Content& part : content) {
    std::visit([&turn](auto& each) { turn.parts.emplace_back(std::move(each)); }, part);
  }
}

// Claude Code's first line of `system` is meant for Anthropic's accounts, and another one in each
// request: no model has use for it, and no cache would find again what stands behind it.
json::Text withoutBilling(const json::Text& text) {
  constexpr std::string_view kHeader = "x-anthropic-billing-header:";
  constexpr std::string_view kLineEnd = R"(\n)";
  const std::string_view spelling = text.spelling();
  if (!spelling.starts_with(kHeader)) return text;
  const std::size_t end = spelling.find(kLineEnd);
  if (end == std::string_view::npos) return {};
  return {spelling.substr(end + kLineEnd.size()), text.escapes()};
}

void readSystemBlock(FieldReader& block, std::string_view type, Reading& reading, Turn& turn) {
  if (type == "text") {
    turn.parts.emplace_back(TextPart{withoutBilling(block.text("text"))});
  } else {
    reading.faults.unknownValue(block.at("type"), type, {"text"});
  }
}

void readUserBlock(FieldReader& block, std::string_view type, Reading& reading, Turn& turn) {
  if (type == "tool_result") {
    turn.parts.emplace_back(readToolResult(block, reading));
    return;
  }
  std::vector<Content> content;
  if (!readContentBlock(block, type, reading, content)) {
    reading.faults.unknownValue(block.at("type"), type,
                                {"text", "image", "document", "search_result", "tool_result"});
  }
  addContent(std::move(content), turn);
}

void readBlocks(json::Node blocks, const Path& path, Reading& reading, Turn& turn) {
  const auto read = turn.role == Role::System ? readSystemBlock : readUserBlock;
  for (std::size_t i = 0; const json::Node entry : blocks.elements()) {
    if (reading.faults.any()) break;
    const Path place(path, i++);
    FieldReader block(entry, place, reading.faults);
    const std::string type = block.requiredString("type");
    if (reading.faults.any() || skipBlock(block, type, reading)) continue;
    if (readToolChange(block, type, reading)) continue;
    read(block, type, reading, turn);
  }
}

// What one says: a text, or blocks.
void readSaid(json::Node content, const Path& path, Reading& reading, Turn& turn) {
  if (content.isString()) {
    const json::Text text = content.text();
    turn.parts.emplace_back(TextPart{turn.role == Role::System ? withoutBilling(text) : text});
  } else if (!content.isArray()) {
    reading.faults.wrongType(path, "a string or an array of content blocks", content);
  } else if (turn.role == Role::Assistant) {
    turn.parts = readAssistantBlocks(content, path, reading);
  } else {
    readBlocks(content, path, reading, turn);
  }
}

void readMessage(json::Node entry, const Path& path, Reading& reading) {
  FieldReader message(entry, path, reading.faults);
  if (reading.faults.any()) return;
  const auto role = readRole(message, reading.faults);
  if (!role) return;
  const json::Node content = message.any("content");
  const Path place = message.at("content");
  if (!content) return reading.faults.missing(place);
  Turn& turn = reading.request.turns.emplace_back();
  turn.role = *role;
  readSaid(content, place, reading, turn);
}

void readSystem(FieldReader& body, Reading& reading) {
  const json::Node system = body.any("system");
  const Path path = body.at("system");
  if (!system) return;
  Turn& turn = reading.request.turns.emplace_back();
  turn.role = Role::System;
  readSaid(system, path, reading, turn);
}

}  // namespace

void readMessages(FieldReader& body, Reading& reading) {
  const Path path = body.at("messages");
  if (!body.any("messages")) return reading.faults.missing(path);
  const json::Node messages = body.array("messages");
  if (!messages) return;
  if (!messages.hasElements()) {
    reading.faults.report(
        badRequest("Invalid 'messages': expected at least one message, but got "
                   "none.",
                   path.text(), "empty_array"));
    return;
  }
  readSystem(body, reading);
  for (std::size_t i = 0; const json::Node message : messages.elements()) {
    if (reading.faults.any()) break;
    const Path place(path, i++);
    readMessage(message, place, reading);
  }
}

}  // namespace rondo::anthropic
