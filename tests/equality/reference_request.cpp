#include "equality/reference_request.h"

#include "equality/reference_config.h"
#include "equality/reference_contents.h"
#include "equality/reference_tools.h"

namespace rondo::equality {
namespace {

// Google's extras are told in two places; what is told last holds.
void addGoogle(Value& body, const Value& request) {
  std::string cached;
  const Value* settings = nullptr;
  const auto read = [&](const Value& google) {
    if (const std::string name = textAt(google, "cached_content"); !name.empty()) cached = name;
    if (const Value* list = arrayAt(google, "safety_settings")) settings = list;
  };
  if (const Value* google = any(request, "google")) read(*google);
  const Value* extra = any(request, "extra_body");
  const Value* inner = extra ? any(*extra, "google") : nullptr;
  if (inner) read(*inner);
  if (settings) body["safetySettings"] = *settings;
  if (!cached.empty()) body["cachedContent"] = cached;
}

void addServiceTier(Value& body, const Value& request, const Target& target) {
  const std::string tier = textAt(request, "service_tier");
  if (target.backend != google::Backend::Gemini) return;
  if (tier == "flex" || tier == "priority") body["serviceTier"] = tier;
}

// Fields that are read elsewhere, yet must be of their type.
void checkOthers(const Value& request) {
  requiredText(request, "model");
  flagAt(request, "stream");
  if (const Value* options = any(request, "stream_options")) flagAt(*options, "include_usage");
  textAt(request, "prompt_cache_key");
  textAt(request, "user");
}

Value bodyOf(const Value& request, const Target& target) {
  const Family& family = familyOf(target.model);
  const std::vector<Message> messages = readMessages(request);
  const Tools tools = readTools(request);
  const Names names(tools, messages);
  checkOthers(request);
  Value body = Value::object();
  addContents(body, messages, names, target, jsonInstruction(request, tools, family));
  addTools(body, tools, names, family);
  addConfig(body, request, tools, target);
  addGoogle(body, request);
  addServiceTier(body, request, target);
  return body;
}

}  // namespace

std::optional<Value> translate(const Value& request, const Target& target) {
  try {
    return bodyOf(request, target);
  } catch (const Refused&) {
    return std::nullopt;
  }
}

}  // namespace rondo::equality
