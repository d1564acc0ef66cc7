#include "equality/reference_schema.h"

#include <algorithm>
#include <array>

namespace rondo::equality {
namespace {

bool isText(const Value& value) { return value.is_string(); }

bool isPlainLeaf(const Value& schema) {
  const std::string type = getText(schema, "type");
  for (const auto& [key, value] : schema.items()) {
    const bool isFit = key == "type" || key == "default" ||
                       (key == "description" && value.is_string()) ||
                       (key == "minimum" && value.is_number()) ||
                       (key == "enum" && type == "string" && value.is_array() && !value.empty() &&
                        std::ranges::all_of(value, isText));
    if (!isFit) return false;
  }
  return type == "string" || type == "number" || type == "integer" || type == "boolean" ||
         type == "null";
}

bool isPlainObject(const Value& schema);

bool isPlain(const Value& schema) {
  return schema.is_object() && (isPlainObject(schema) || isPlainLeaf(schema));
}

bool isPlainObject(const Value& schema) {
  if (getText(schema, "type") != "object") return false;
  for (const auto& [key, value] : schema.items()) {
    const bool isFit =
        key == "type" || key == "$schema" || (key == "properties" && value.is_object()) ||
        (key == "additionalProperties" && value.is_boolean()) ||
        (key == "required" && value.is_array() && std::ranges::all_of(value, isText));
    if (!isFit) return false;
  }
  const Value* properties = getObject(schema, "properties");
  return !properties || std::ranges::all_of(*properties, isPlain);
}

bool demandsNothing(const Value& schema) {
  if (schema.empty()) return true;
  const Value* properties = getObject(schema, "properties");
  const Value* others = get(schema, "additionalProperties");
  return (!properties || properties->empty()) && (!others || *others == Value(false));
}

// Names of properties that there are, each once.
Value requiredNames(const Value& schema) {
  Value names = Value::array();
  const Value* properties = getObject(schema, "properties");
  for (const Value& name : getArray(schema, "required")) {
    const bool isKnown = properties && properties->contains(name.get<std::string>());
    if (isKnown && std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return names;
}

Value repaired(const Value& schema) {
  Value result = Value::object();
  for (const auto& [key, value] : schema.items()) {
    if (key == "required") {
      const Value names = requiredNames(schema);
      if (!names.empty() || value.empty()) result[key] = names;
    } else if (key == "properties") {
      result[key] = Value::object();
      for (const auto& [name, property] : value.items()) result[key][name] = repaired(property);
    } else {
      result[key] = value;
    }
  }
  return result;
}

Value withoutDialect(Value schema) {
  schema.erase("$schema");
  return schema;
}

Value cleanedLeaf(const Value& schema, const std::string& type) {
  Value result = {{"type", type}};
  if (const Value* number = get(schema, "minimum")) result["minimum"] = *number;
  if (const Value* sample = get(schema, "default"); sample && sample->is_primitive()) {
    result["default"] = *sample;
  }
  Value texts = Value::array();
  for (const Value& text : getArray(schema, "enum")) {
    if (text != "") texts.push_back(text);
  }
  if (!texts.empty()) result["enum"] = texts;
  if (getText(schema, "description") != "") result["description"] = schema["description"];
  return result;
}

std::string inCapitals(std::string word) {
  for (char& c : word) c = static_cast<char>(c - 'a' + 'A');
  return word;
}

Value cleaned(const Value& schema, bool isRoot) {
  const std::string type = getText(schema, "type");
  if (type != "object") return cleanedLeaf(schema, inCapitals(type));
  Value result = {{"type", "OBJECT"}};
  const Value* properties = getObject(schema, "properties");
  if (properties && !properties->empty()) {
    for (const auto& [name, property] : properties->items()) {
      result["properties"][name] = cleaned(property, false);
    }
  } else if (!isRoot) {
    result["properties"]["any"] = {{"type", "STRING"},
                                   {"description", "Stands for members of any name."}};
  }
  // In the order of the properties.
  Value required = Value::array();
  const Value names = requiredNames(schema);
  const Value all = result.value("properties", Value::object());
  for (const auto& [name, property] : all.items()) {
    if (std::ranges::find(names, Value(name)) != names.end()) required.push_back(name);
  }
  if (!required.empty()) result["required"] = required;
  if (const Value* others = get(schema, "additionalProperties"); others && *others == false) {
    result["description"] = "Constraints: additionalProperties: false.";
  }
  return result;
}

Value cleanedRoot(const Value& schema) {
  const Value result = cleaned(schema, true);
  const bool isAnyObject = result["type"] == "OBJECT" && !result.contains("properties");
  return isAnyObject ? Value() : result;
}

}  // namespace

Value parametersJsonSchema(const Value& schema) {
  if (schema.empty()) return nullptr;
  if (!isPlainObject(schema)) return kOtherSchema;
  return demandsNothing(schema) ? Value() : withoutDialect(repaired(schema));
}

Value parametersSchema(const Value& schema) {
  if (schema.empty()) return nullptr;
  if (!isPlainObject(schema)) return kOtherSchema;
  return demandsNothing(schema) ? Value() : cleanedRoot(schema);
}

Value answerJsonSchema(const Value& schema) {
  return isPlain(schema) ? withoutDialect(repaired(schema)) : kOtherSchema;
}

Value answerSchema(const Value& schema) {
  return isPlain(schema) ? cleanedRoot(schema) : kOtherSchema;
}

}  // namespace rondo::equality
