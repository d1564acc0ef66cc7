#include <algorithm>
#include <array>

#include "conversation/tool_schema.h"
#include "openai/request_parts.h"

namespace rondo::openai {
namespace {

// Whether a place is told, and not only that it could be.
bool isPlace(json::Node location) {
  static constexpr std::array<std::string_view, 4> kKeys = {"city", "country", "region",
                                                            "timezone"};
  return std::ranges::any_of(
      kKeys, [location](std::string_view key) { return !location.find(key).string().empty(); });
}

}  // namespace

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
  const json::Node filters = search.find("filters");
  for (const std::string_view key : {"allowed_domains", "blocked_domains"}) {
    if (filters.find(key).hasElements()) request.adjusted.emplace_back(key);
  }
  // Chat's way has the place one level deeper.
  const json::Node location = search.find("user_location");
  if (isPlace(location) || isPlace(location.find("approximate"))) {
    request.adjusted.emplace_back("user_location");
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
