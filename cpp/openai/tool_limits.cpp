#include "conversation/search_limits.h"
#include "conversation/tool_schema.h"
#include "openai/request_parts.h"

namespace rondo::openai {

void checkParameters(const json::Value& schema, std::string_view function, const Path& path,
                     Faults& faults) {
  constexpr std::size_t kShown = 100;
  const std::string type = conversation::typeOfNoObject(schema);
  if (type.empty()) return;
  std::string text = "Invalid schema for function '";
  text.append(function.substr(0, kShown))
      .append("': schema must be a JSON Schema of 'type: \"object\"', got 'type: ")
      .append(type.substr(0, kShown))
      .append("'.");
  faults.report(badRequest(std::move(text), path.text(), "invalid_function_parameters"));
}

void tellSearchLimits(json::Node search, conversation::Request& request) {
  const json::Node location = search.find("user_location");
  // Chat's way has the place one level deeper.
  const json::Node deeper = location.find("approximate");
  for (const auto word : conversation::unmetLimits(search.find("filters"), {location, deeper})) {
    request.adjusted.emplace_back(word);
  }
}

void refuseModeration(FieldReader& body, Faults& faults) {
  if (!body.any("moderation")) return;
  faults.report(badRequest(
      "'moderation' is not supported: Google has no service that does the same, and an order that "
      "nobody obeys would be no safety. Leave it out, and set 'google.safety_settings' instead.",
      body.at("moderation").text(), "unsupported_parameter"));
}

}  // namespace rondo::openai
