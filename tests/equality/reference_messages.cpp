#include "equality/reference_messages.h"

namespace rondo::equality {
namespace {

std::string signatureIn(const Value* holder) {
  return holder ? getText(*holder, "thought_signature") : std::string();
}

// The signature of a part, a call or a message, from the first field that has one.
std::string signatureOf(const Value& carrier) {
  const Value* extra = getObject(carrier, "extra_content");
  const std::string found[] = {
      extra ? signatureIn(getObject(*extra, "google")) : "",
      extra ? signatureIn(getObject(*extra, "vertex")) : "",
      signatureIn(getObject(carrier, "provider_specific_fields")),
      signatureIn(&carrier),
  };
  for (const std::string& each : found) {
    if (!each.empty()) return each;
  }
  return {};
}

// {"url": …} or a bare URL.
std::string urlIn(const Value& holder) {
  return holder.is_string() ? holder.get<std::string>() : requiredText(holder, "url");
}

Part readImage(const Value& part) {
  const Value& holder = required(part, "image_url");
  Part image{.kind = PartKind::Image, .text = urlIn(holder), .signature = signatureOf(part)};
  if (holder.is_object()) image.detail = textAt(holder, "detail");
  return image;
}

Part readAudio(const Value& part) {
  const Value& holder = required(part, "input_audio");
  return {.kind = PartKind::Audio,
          .text = requiredText(holder, "data"),
          .format = requiredText(holder, "format")};
}

Part readFile(const Value& part) {
  const Value& holder = required(part, "file");
  Part file{.kind = PartKind::File,
            .text = textAt(holder, "file_data"),
            .id = textAt(holder, "file_id"),
            .name = textAt(holder, "filename")};
  demand(!file.text.empty() || !file.id.empty());
  return file;
}

// Anthropic's image or document.
Part readSource(const Value& part, const std::string& type) {
  const Value& source = required(part, "source");
  std::string url = textAt(source, "url");
  if (url.empty()) {
    url = "data:" + requiredText(source, "media_type") + ";base64," + requiredText(source, "data");
  }
  if (type == "image") return {.kind = PartKind::Image, .text = url};
  return {.kind = PartKind::File, .text = url, .name = textAt(part, "title")};
}

Part readPart(const Value& part) {
  const std::string type = requiredText(part, "type");
  if (type == "text" || type == "input_text" || type == "output_text") {
    required(part, "text");
    return {.kind = PartKind::Text, .text = textAt(part, "text")};
  }
  if (type == "image_url") return readImage(part);
  if (type == "input_audio") return readAudio(part);
  if (type == "file") return readFile(part);
  if (type == "video_url") {
    return {.kind = PartKind::Video, .text = urlIn(required(part, "video_url"))};
  }
  if (type == "refusal") return {.kind = PartKind::Refusal, .text = textAt(part, "refusal")};
  demand(type == "image" || type == "document");
  return readSource(part, type);
}

std::vector<Part> readParts(const Value& content) {
  if (content.is_string()) return {{.kind = PartKind::Text, .text = content.get<std::string>()}};
  demand(content.is_array());
  std::vector<Part> parts;
  for (const Value& part : content) parts.push_back(readPart(part));
  return parts;
}

std::string argumentsAt(const Value& holder, std::string_view key) {
  const Value* arguments = any(holder, key);
  if (!arguments) return {};
  if (arguments->is_string()) return arguments->get<std::string>();
  demand(arguments->is_object());
  return arguments->dump();
}

Call readNamedCall(const Value& holder, std::string_view key) {
  return {.name = requiredText(holder, "name"),
          .arguments = argumentsAt(holder, key),
          .signature = signatureOf(holder)};
}

// The id may carry the signature behind it.
void signById(Call& call) {
  const std::string mark = "__thought__";
  const std::size_t at = call.id.find(mark);
  if (call.signature.empty() && at != std::string::npos) {
    call.signature = call.id.substr(at + mark.size());
  }
}

Call readCall(const Value& entry) {
  const bool isCustom = any(entry, "custom") != nullptr;
  Call call = readNamedCall(required(entry, isCustom ? "custom" : "function"),
                            isCustom ? "input" : "arguments");
  call.isCustom = isCustom;
  call.id = textAt(entry, "id");
  if (const std::string own = signatureOf(entry); !own.empty()) call.signature = own;
  signById(call);
  return call;
}

Call readToolUse(const Value& block) {
  Call call{.id = textAt(block, "id"), .name = requiredText(block, "name")};
  if (const Value* input = objectAt(block, "input")) call.arguments = input->dump();
  call.signature = signatureOf(block);
  signById(call);
  return call;
}

Message readToolResult(const Value& block) {
  Message result{.role = "tool"};
  result.callId = requiredText(block, "tool_use_id");
  if (const Value* content = any(block, "content")) result.parts = readParts(*content);
  result.hasFailed = flagAt(block, "is_error").value_or(false);
  return result;
}

std::vector<Call> readCalls(const Value& message) {
  std::vector<Call> calls;
  if (const Value* entries = arrayAt(message, "tool_calls")) {
    for (const Value& entry : *entries) calls.push_back(readCall(entry));
  }
  if (const Value* legacy = any(message, "function_call")) {
    calls.push_back(readNamedCall(*legacy, "arguments"));
  }
  for (const Value& detail : getArray(message, "reasoning_details")) {
    const Value* id = get(detail, "id");
    const Value* data = get(detail, "data");
    if (!id || !id->is_string() || !data || !data->is_string()) continue;
    for (Call& call : calls) {
      if (*id == call.id && call.signature.empty()) call.signature = data->get<std::string>();
    }
  }
  return calls;
}

std::string roleOf(const Value& entry) {
  const std::string role = requiredText(entry, "role");
  if (role == "user" || role == "assistant") return role;
  if (role == "system" || role == "developer") return "system";
  demand(role == "tool" || role == "function");
  return "tool";
}

// The blocks of a content array. The results among them are messages of their own.
void readBlocks(const Value& content, Message& message, std::vector<Message>& results) {
  for (const Value& block : content) {
    demand(block.is_object());
    const std::string type = getText(block, "type");
    if (type == "redacted_thinking" || type == "reasoning") continue;
    if (type == "thinking") {
      for (const char* key : {"thinking", "signature"}) textAt(block, key);
    } else if (type == "tool_use") {
      message.calls.push_back(readToolUse(block));
    } else if (type == "tool_result") {
      results.push_back(readToolResult(block));
    } else {
      message.parts.push_back(readPart(block));
    }
  }
}

void readAssistant(const Value& entry, Message& message) {
  if (const Value* images = arrayAt(entry, "images")) {
    for (const Part& image : readParts(*images)) message.parts.push_back(image);
  }
  const std::string refusal = textAt(entry, "refusal");
  if (!refusal.empty()) message.parts.push_back({.kind = PartKind::Refusal, .text = refusal});
  for (const Call& call : readCalls(entry)) message.calls.push_back(call);
  message.signature = signatureOf(entry);
  for (const Call& call : message.calls) {
    if (call.signature == message.signature) message.signature.clear();
  }
}

void readMessage(const Value& entry, std::vector<Message>& messages) {
  Message message{.role = roleOf(entry)};
  const Value* content = any(entry, "content");
  std::vector<Message> results;
  if (content && content->is_array()) {
    readBlocks(*content, message, results);
  } else if (content) {
    message.parts = readParts(*content);
  } else {
    demand(message.role == "assistant" || message.role == "tool");
  }
  for (const Message& result : results) messages.push_back(result);
  if (!results.empty() && message.parts.empty()) return;
  if (message.role == "assistant") readAssistant(entry, message);
  if (message.role == "tool") {
    message.callId = textAt(entry, "tool_call_id");
    message.name = textAt(entry, "name");
    demand(!message.callId.empty() || !message.name.empty());
  }
  messages.push_back(message);
}

}  // namespace

std::vector<Message> readMessages(const Value& request) {
  std::vector<Message> messages;
  const Value* entries = arrayAt(request, "messages");
  demand(entries && !entries->empty());
  for (const Value& entry : *entries) readMessage(entry, messages);
  return messages;
}

}  // namespace rondo::equality
