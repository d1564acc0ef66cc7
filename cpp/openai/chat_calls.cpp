#include <array>
#include <utility>

#include "openai/chat_request_parts.h"

namespace rondo::openai {
namespace {

// LiteLLM and gateways that follow it carry the signature inside the call's id.
constexpr std::string_view kSignatureInId = "__thought__";

std::string signatureUnder(const json::Value& object, std::string_view key) {
  const json::Value* holder = json::findObject(object, key);
  if (!holder) return {};
  return std::string(json::findString(*holder, "thought_signature").value_or(""));
}

std::string signatureOf(const json::Value& object) {
  if (const json::Value* extra = json::findObject(object, "extra_content")) {
    for (const std::string_view owner : {"google", "vertex"}) {
      if (auto signature = signatureUnder(*extra, owner); !signature.empty()) return signature;
    }
  }
  if (auto signature = signatureUnder(object, "provider_specific_fields"); !signature.empty()) {
    return signature;
  }
  return std::string(json::findString(object, "thought_signature").value_or(""));
}

std::string signatureInId(std::string_view id) {
  const std::size_t at = id.find(kSignatureInId);
  if (at == std::string_view::npos) return {};
  return std::string(id.substr(at + kSignatureInId.size()));
}

// `arguments` is text; an object in its place is what several clients send.
std::string readArguments(FieldReader& holder, std::string_view key, Faults& faults) {
  json::Value* arguments = holder.any(key);
  if (!arguments) return {};
  if (arguments->is_string()) return takeString(*arguments);
  if (arguments->is_object()) return json::dump(*arguments);
  faults.wrongType(holder.at(key), "a string", *arguments);
  return {};
}

ToolCall readNamedCall(json::Value& holder, const Path& path, std::string_view argumentsKey,
                       Faults& faults) {
  FieldReader fields(holder, path, faults);
  ToolCall call;
  call.name = fields.requiredString("name");
  call.arguments = readArguments(fields, argumentsKey, faults);
  call.signature = readSignature(fields);
  return call;
}

ToolCall readToolCall(json::Value& entry, const Path& path, Faults& faults) {
  FieldReader fields(entry, path, faults);
  const bool isCustom = fields.any("custom") != nullptr;
  const std::string_view key = isCustom ? "custom" : "function";
  json::Value* holder = fields.any(key);
  const Path place = fields.at(key);
  if (!holder) {
    faults.missing(place);
    return {};
  }
  ToolCall call = readNamedCall(*holder, place, isCustom ? "input" : "arguments", faults);
  call.kind = isCustom ? ToolKind::Custom : ToolKind::Function;
  call.id = fields.string("id");
  if (auto signature = readSignature(fields); !signature.empty()) {
    call.signature = std::move(signature);
  }
  if (call.signature.empty()) call.signature = signatureInId(call.id);
  return call;
}

// OpenRouter's way: reasoning_details[] with the call's id and the signature as `data`.
void readReasoningDetails(FieldReader& message, std::vector<ToolCall>& calls) {
  json::Value* details = message.any("reasoning_details");
  if (!details || !details->is_array()) return;
  for (const json::Value& detail : *details) {
    const auto id = json::findString(detail, "id");
    const auto data = json::findString(detail, "data");
    if (!id || !data) continue;
    for (ToolCall& call : calls) {
      if (call.id == *id && call.signature.empty()) call.signature = *data;
    }
  }
}

}  // namespace

std::string readSignature(FieldReader& carrier) {
  const json::Value* object = carrier.self();
  return object ? signatureOf(*object) : std::string();
}

std::vector<ToolCall> readToolCalls(FieldReader& message, Faults& faults) {
  std::vector<ToolCall> calls;
  const Path path = message.at("tool_calls");
  if (json::Value* entries = message.array("tool_calls")) {
    for (std::size_t i = 0; i < entries->size() && !faults.any(); ++i) {
      calls.push_back(readToolCall((*entries)[i], Path(path, i), faults));
    }
  }
  const Path legacy = message.at("function_call");
  if (json::Value* call = message.any("function_call")) {
    calls.push_back(readNamedCall(*call, legacy, "arguments", faults));
  }
  readReasoningDetails(message, calls);
  return calls;
}

}  // namespace rondo::openai
