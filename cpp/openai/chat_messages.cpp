#include <algorithm>
#include <utility>

#include "conversation/call_id.h"
#include "openai/chat_request_parts.h"

namespace rondo::openai {
namespace {

using conversation::CallPart;
using conversation::CallResult;
using conversation::Content;
using conversation::MediaPart;
using conversation::Part;
using conversation::Place;
using conversation::RefusalPart;
using conversation::Request;
using conversation::TextPart;
using conversation::ThoughtPart;
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
CallPart readToolUse(json::Node block, const Path& path, Faults& faults) {
  FieldReader fields(block, path, faults);
  CallPart call;
  call.id = fields.string("id");
  call.name = fields.requiredString("name");
  if (const json::Node input = fields.object("input")) call.arguments = input.fragment();
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

// Anthropic's {"type":"thinking","thinking","signature"}, as clients that speak both dialects keep
// it. The signature is Google's, or what Messages made of it.
ThoughtPart readThinking(FieldReader& block) {
  ThoughtPart thought{block.text("thinking")};
  const std::string signature = block.string("signature");
  const auto envelope = conversation::unseal(signature);
  if (envelope && envelope->what == conversation::Carried::CallSignature) {
    thought.signature = {envelope->value, envelope->origin};
  } else if (!envelope) {
    thought.signature = signature;
  }
  return thought;
}

// What one entry of `messages` says.
struct Message {
  std::vector<CallResult> results;
  std::vector<Part> parts;  // In their order, but for calls.
  std::vector<CallPart> calls;

  void add(std::vector<Content> content) {
    for (Content& each : content) add(std::move(each));
  }
  void add(Content content) {
    std::visit([this](auto& each) { parts.emplace_back(std::move(each)); }, content);
  }
};

// Takes the blocks of a content array apart.
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
    } else if (type == "thinking") {
      message.parts.emplace_back(readThinking(fields));
    } else if (type == "redacted_thinking" || type == "reasoning") {
      continue;
    } else if (type.empty()) {
      fields.requiredString("type");
    } else if (auto part = readPart(fields, type, faults)) {
      message.add(std::move(*part));
    }
  }
  return message;
}

// Images that the assistant made, in the shape in which they were handed out.
void readMadeImages(FieldReader& fields, Message& message, Faults& faults) {
  const Path path = fields.at("images");
  const json::Node images = fields.array("images");
  if (!images) return;
  message.add(readContent(images, path, faults));
}

// The signature came at the end of the text.
void signText(std::vector<Part>& parts, std::string signature) {
  TextPart* last = nullptr;
  for (Part& part : parts) {
    auto* text = std::get_if<TextPart>(&part);
    if (text && !text->text.empty()) last = text;
  }
  if (last) last->signature = std::move(signature);
}

// In whichever alphabet of base64.
bool isSame(std::string_view one, std::string_view other) {
  return conversation::joinCallId({}, one) == conversation::joinCallId({}, other);
}

bool isACalls(std::string_view signature, const std::vector<CallPart>& calls) {
  return std::ranges::any_of(
      calls, [signature](const CallPart& call) { return isSame(call.signature.value, signature); });
}

// What the assistant spoke. The sound is kept nowhere: there is its transcript, where the client
// brings that along, or nothing.
void readSpoken(FieldReader& fields, Message& message, Request& request) {
  const json::Node audio = fields.any("audio");
  if (!audio.isObject() || !message.parts.empty()) return;
  const json::Text transcript = audio.find("transcript").text();
  if (transcript.empty()) {
    request.adjusted.emplace_back("audio");
  } else {
    message.parts.emplace_back(TextPart{transcript});
  }
}

void readAssistantFields(FieldReader& fields, Message& message, Request& request, Faults& faults) {
  readSpoken(fields, message, request);
  readMadeImages(fields, message, faults);
  if (const json::Text refusal = fields.text("refusal"); !refusal.empty()) {
    message.parts.emplace_back(RefusalPart{refusal});
  }
  for (CallPart& call : readToolCalls(fields, request, faults))
    message.calls.push_back(std::move(call));
  // A client that gathers what a turn brought may repeat a call's signature beside it.
  std::string signature = readSignature(fields);
  if (!isACalls(signature, message.calls)) signText(message.parts, std::move(signature));
}

// Keeps what a tool can have said.
void takeContent(Part part, std::vector<Content>& content) {
  if (auto* text = std::get_if<TextPart>(&part)) content.emplace_back(std::move(*text));
  if (auto* refusal = std::get_if<RefusalPart>(&part)) content.emplace_back(std::move(*refusal));
  if (auto* medium = std::get_if<MediaPart>(&part)) content.emplace_back(std::move(*medium));
}

// A message of a tool is what it has found out.
void readToolFields(FieldReader& fields, Message& message, Faults& faults) {
  CallResult result;
  result.callId = fields.string("tool_call_id");
  result.name = fields.string("name");
  if (result.callId.empty() && result.name.empty()) faults.missing(fields.at("tool_call_id"));
  for (Part& part : std::exchange(message.parts, {})) takeContent(std::move(part), result.content);
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
    if (message.parts.empty() && message.calls.empty()) return;
  }
  Turn& turn = turns.emplace_back();
  turn.role = speakerOf(role);
  turn.parts = std::move(message.parts);
  for (CallPart& call : message.calls) turn.parts.emplace_back(std::move(call));
}

// Appends the turns that `entry` stands for.
void readMessage(json::Node entry, const Path& path, Request& request, Faults& faults) {
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
    message.add(readContent(content, place, faults));
  } else if (*role == Role::User || *role == Role::System) {
    faults.missing(place);
  }
  if (*role == Role::Assistant) readAssistantFields(fields, message, request, faults);
  const bool isNothingButResults = !message.results.empty() && message.parts.empty();
  if (*role == Role::Tool && !isNothingButResults) readToolFields(fields, message, faults);
  addTurns(*role, std::move(message), request.turns);
}

}  // namespace

void readMessages(json::Node messages, const Path& path, Request& request, Faults& faults) {
  for (std::size_t i = 0; const json::Node message : messages.elements()) {
    if (faults.any()) break;
    const Path place(path, i++);
    readMessage(message, place, request, faults);
  }
}

}  // namespace rondo::openai
