#include "translation/schema_writer.h"

#include <algorithm>
#include <array>

#include "translation/schema_cleaner.h"
#include "translation/schema_repair.h"

namespace rondo::translation {
namespace {

bool takesJsonSchema(const RequestTarget& target) {
  return target.takes(google::Feature::JsonSchema);
}

// Without `$schema`, which tells a dialect and nothing else.
void writeAsIs(json::Writer& writer, const json::Value& schema) {
  writer.beginObject();
  for (const auto& [key, value] : schema.items()) {
    if (key != "$schema") writer.foreignKey(key).value(value);
  }
  writer.endObject();
}

bool demandsNothing(const json::Value& schema) {
  constexpr std::array<std::string_view, 6> kDemands = {"$ref",  "anyOf", "oneOf",
                                                        "allOf", "if",    "patternProperties"};
  const auto has = [&](std::string_view key) { return json::find(schema, key) != nullptr; };
  if (std::ranges::any_of(kDemands, has)) return false;
  if (const json::Value* properties = json::findObject(schema, "properties")) {
    if (!properties->empty()) return false;
  }
  const json::Value* others = json::find(schema, "additionalProperties");
  if (others && *others != json::Value(false)) return false;
  const auto type = json::findString(schema, "type");
  return type ? type == "object" || type == "OBJECT" : schema.empty() || has("properties");
}

}  // namespace

void writeParameters(json::Writer& writer, const json::Value& schema, const RequestTarget& target) {
  if (!schema.is_object() || demandsNothing(schema)) return;
  if (takesJsonSchema(target)) {
    const auto repaired = repairParameters(schema);
    const json::Value& sound = repaired ? *repaired : schema;
    if (!demandsNothing(sound)) writeAsIs(writer.key("parametersJsonSchema"), sound);
    return;
  }
  const json::Value cleaned = cleanParameters(schema);
  if (json::findObject(cleaned, "properties")) writer.key("parameters").value(cleaned);
}

void writeResponseSchema(json::Writer& writer, const json::Value& schema,
                         const RequestTarget& target) {
  if (takesJsonSchema(target)) {
    const auto repaired = repairSchema(schema);
    writeAsIs(writer.key("responseJsonSchema"), repaired ? *repaired : schema);
    return;
  }
  const json::Value cleaned = cleanSchema(schema);
  const bool isAnyObject = json::findString(cleaned, "type") == "OBJECT" &&
                           json::findObject(cleaned, "properties") == nullptr;
  if (!isAnyObject) writer.key("responseSchema").value(cleaned);
}

}  // namespace rondo::translation
