#include "conversation/tool_schema.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/ascii.h"

namespace rondo::conversation {
namespace {

constexpr std::array<std::string_view, 5> kOtherTypes = {"array", "string", "number", "integer",
                                                         "boolean"};

// Google's spelling is in capitals.
bool isOther(const json::Value& type) {
  const auto word = json::asString(type);
  return word && std::ranges::find(kOtherTypes, toLower(*word)) != kOtherTypes.end();
}

bool isNull(const json::Value& type) {
  const auto word = json::asString(type);
  return word && toLower(*word) == "null";
}

}  // namespace

std::string typeOfNoObject(const json::Value& schema) {
  const json::Value* type = json::find(schema, "type");
  if (!type) return {};
  if (!type->is_array()) return isOther(*type) ? json::dump(*type) : std::string();
  const bool hasNoObject =
      std::ranges::any_of(*type, isOther) &&
      std::ranges::all_of(*type, [](const auto& each) { return isOther(each) || isNull(each); });
  return hasNoObject ? json::dump(*type) : std::string();
}

}  // namespace rondo::conversation
