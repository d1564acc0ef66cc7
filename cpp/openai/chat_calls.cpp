#include <unordered_map>
#include <utility>

#include "conversation/call_id.h"
#include "openai/chat_request_parts.h"

namespace rondo::openai {
namespace {

using conversation::Call;
using conversation::ToolKind;

// Of one message. Models call some dozens of tools at once.
constexpr std::size_t kMaxCalls = 1024;

std::string signatureUnder(json::Node object, std::string_view key) {
  return object.find(key).find("thought_signature").string();
}

std::string signatureOf(json::Node object) {
  const json::Node extra = object.find("extra_content");
  for (const std::string_view owner : {"google", "vertex"}) {
    if (auto signature = signatureUnder(extra, owner); !signature.empty()) return signature;
  }
  if (auto signature = signatureUnder(object, "provider_specific_fields"); !signature.empty()) {
    return signature;
  }
  return object.find("thought_signature").string();
}

std::string sourceOf(json::Node value) {
  std::string source;
  value.appendTo(source);
  return source;
}

// `arguments` is text; an object in its place is what several clients send. A custom tool's `input`
// stays text on its way, so an object there is written anew; `arguments` become one again.
std::string readArguments(FieldReader& holder, std::string_view key, Faults& faults) {
  const json::Node arguments = holder.any(key);
  if (!arguments) return {};
  if (arguments.isString()) return arguments.string();
  if (arguments.isObject() && key == "input") {
    const auto input = holder.ownObject(key);
    return input ? json::dump(*input) : std::string();
  }
  if (arguments.isObject()) return sourceOf(arguments);
  faults.wrongType(holder.at(key), "a string", arguments);
  return {};
}

Call readNamedCall(json::Node holder, const Path& path, std::string_view argumentsKey,
                   Faults& faults) {
  FieldReader fields(holder, path, faults);
  Call call;
  call.name = fields.requiredString("name");
  call.arguments = readArguments(fields, argumentsKey, faults);
  call.place = conversation::Place(holder);
  call.signature = readSignature(fields);
  return call;
}

Call readToolCall(json::Node entry, const Path& path, Faults& faults) {
  FieldReader fields(entry, path, faults);
  const bool isCustom = static_cast<bool>(fields.any("custom"));
  const std::string_view key = isCustom ? "custom" : "function";
  const json::Node holder = fields.any(key);
  const Path place = fields.at(key);
  if (!holder) {
    faults.missing(place);
    return {};
  }
  Call call = readNamedCall(holder, place, isCustom ? "input" : "arguments", faults);
  call.kind = isCustom ? ToolKind::Custom : ToolKind::Function;
  call.id = fields.string("id");
  if (auto signature = readSignature(fields); !signature.empty()) {
    call.signature = std::move(signature);
  }
  if (call.signature.empty()) call.signature = conversation::splitCallId(call.id).signature;
  return call;
}

// OpenRouter's way: reasoning_details[] with the call's id and the signature as `data`. Of several
// for a call, the first that isn't empty.
void readReasoningDetails(FieldReader& message, std::vector<Call>& calls, Faults& faults) {
  std::unordered_map<std::string, json::Text> signatures;
  const Path path = message.at("reasoning_details");
  for (const json::Node detail : message.any("reasoning_details").elements()) {
    if (!faults.mayRead(path)) return;
    const json::Node id = detail.find("id");
    const json::Text data = detail.find("data").text();
    if (id.isString() && !data.empty()) signatures.try_emplace(id.string(), data);
  }
  if (signatures.empty()) return;
  for (Call& call : calls) {
    const auto found = signatures.find(call.id);
    if (call.signature.empty() && found != signatures.end()) {
      call.signature = found->second.plain();
    }
  }
}

}  // namespace

std::string readSignature(FieldReader& carrier) { return signatureOf(carrier.self()); }

std::vector<Call> readToolCalls(FieldReader& message, Faults& faults) {
  std::vector<Call> calls;
  const Path path = message.at("tool_calls");
  for (std::size_t i = 0;
       const json::Node entry : message.array("tool_calls", kMaxCalls).elements()) {
    if (faults.any()) break;
    calls.push_back(readToolCall(entry, Path(path, i++), faults));
  }
  const Path legacy = message.at("function_call");
  if (const json::Node call = message.any("function_call")) {
    calls.push_back(readNamedCall(call, legacy, "arguments", faults));
  }
  readReasoningDetails(message, calls, faults);
  return calls;
}

}  // namespace rondo::openai
