#include <unordered_map>
#include <utility>

#include "conversation/call_id.h"
#include "openai/chat_request_parts.h"

namespace rondo::openai {
namespace {

using conversation::Arguments;
using conversation::CallPart;
using conversation::Request;
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

// `arguments` is text; an object in its place is what several clients send. A custom tool's `input`
// stays text on its way, so an object there is written anew; `arguments` become one again.
Arguments readArguments(FieldReader& holder, std::string_view key, Request& request,
                        Faults& faults) {
  const json::Node arguments = holder.any(key);
  if (!arguments || arguments.isString()) return arguments.text();
  if (arguments.isObject() && key == "input") {
    const auto input = holder.ownObject(key);
    return input ? request.own(json::dump(*input)) : json::Text();
  }
  if (arguments.isObject()) return arguments.fragment();
  faults.wrongType(holder.at(key), "a string", arguments);
  return {};
}

CallPart readNamedCall(json::Node holder, const Path& path, std::string_view argumentsKey,
                       Request& request, Faults& faults) {
  FieldReader fields(holder, path, faults);
  CallPart call;
  call.name = fields.requiredString("name");
  call.arguments = readArguments(fields, argumentsKey, request, faults);
  call.place = conversation::Place(holder);
  call.signature = readSignature(fields);
  return call;
}

CallPart readToolCall(json::Node entry, const Path& path, Request& request, Faults& faults) {
  FieldReader fields(entry, path, faults);
  const bool isCustom = static_cast<bool>(fields.any("custom"));
  const std::string_view key = isCustom ? "custom" : "function";
  const json::Node holder = fields.any(key);
  const Path place = fields.at(key);
  if (!holder) {
    faults.missing(place);
    return {};
  }
  CallPart call = readNamedCall(holder, place, isCustom ? "input" : "arguments", request, faults);
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
void readReasoningDetails(FieldReader& message, std::vector<CallPart>& calls, Faults& faults) {
  std::unordered_map<std::string, json::Text> signatures;
  const Path path = message.at("reasoning_details");
  for (const json::Node detail : message.any("reasoning_details").elements()) {
    if (!faults.mayRead(path)) return;
    const json::Node id = detail.find("id");
    const json::Text data = detail.find("data").text();
    if (id.isString() && !data.empty()) signatures.try_emplace(id.string(), data);
  }
  if (signatures.empty()) return;
  for (CallPart& call : calls) {
    const auto found = signatures.find(call.id);
    if (call.signature.empty() && found != signatures.end()) {
      call.signature = found->second.plain();
    }
  }
}

}  // namespace

std::string readSignature(FieldReader& carrier) { return signatureOf(carrier.self()); }

std::vector<CallPart> readToolCalls(FieldReader& message, Request& request, Faults& faults) {
  std::vector<CallPart> calls;
  const Path path = message.at("tool_calls");
  for (std::size_t i = 0;
       const json::Node entry : message.array("tool_calls", kMaxCalls).elements()) {
    if (faults.any()) break;
    calls.push_back(readToolCall(entry, Path(path, i++), request, faults));
  }
  const Path legacy = message.at("function_call");
  if (const json::Node call = message.any("function_call")) {
    calls.push_back(readNamedCall(call, legacy, "arguments", request, faults));
  }
  readReasoningDetails(message, calls, faults);
  return calls;
}

}  // namespace rondo::openai
