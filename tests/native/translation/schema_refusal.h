#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

// What Google says to a schema in a JSON Schema field, in its own words, and always the least kind
// reading of them. Plain, and independent of what production knows of schemas.

namespace rondo::translation {

class SchemaJudge {
 public:
  explicit SchemaJudge(const json::Value& root) : root_(root) {}

  // Empty when the schema is taken.
  std::string refusal() {
    judge(root_, "top-level");
    if (!refusal_.empty()) return refusal_;
    const auto isLoop = [this](const Value* schema) { return loopsFrom(*schema); };
    return std::ranges::any_of(schemas_, isLoop) ? "a ref loop of required fields was found" : "";
  }

 private:
  using Value = json::Value;

  void refuse(const std::string& text) {
    if (refusal_.empty()) refusal_ = text;
  }

  void judge(const Value& schema, const std::string& place) {
    if (!schema.is_object()) return refuse("value at " + place + " must be an object");
    schemas_.push_back(&schema);
    if (schema.contains("$ref")) return judgeReference(schema, place);
    judgeNames(schema, place);
    judgeTypes(schema, place);
    for (const char* key : {"properties", "$defs", "patternProperties"}) {
      if (!schema.contains(key)) continue;
      if (!schema[key].is_object()) return refuse(key + (" at " + place) + " must be an object");
      for (const auto& [name, inner] : schema[key].items()) judge(inner, place + '.' + name);
    }
    for (const char* key : {"anyOf", "oneOf", "allOf", "prefixItems"}) {
      if (!schema.contains(key)) continue;
      if (!schema[key].is_array() || schema[key].empty()) {
        return refuse(key + (" at " + place) + " must be a list");
      }
      for (const Value& inner : schema[key]) judge(inner, place + '.' + key);
    }
    if (schema.contains("items")) judge(schema["items"], place + ".items");
    if (schema.contains("additionalProperties") && !schema["additionalProperties"].is_boolean()) {
      judge(schema["additionalProperties"], place + ".additionalProperties");
    }
  }

  void judgeReference(const Value& schema, const std::string& place) {
    for (const auto& [key, value] : schema.items()) {
      if (key != "$ref" && key != "description" && key != "default") {
        refuse("`$ref` was set alongside unsupported fields: " + key);
      }
    }
    if (&schema == &root_) refuse("a `$ref` at the root");
    if (!targetOf(schema)) refuse("reference to undefined schema at " + place);
  }

  // The root, or what lies under its `$defs`.
  const Value* targetOf(const Value& schema) const {
    if (!schema.is_object() || !schema.contains("$ref")) return nullptr;
    if (!schema["$ref"].is_string()) return nullptr;
    const auto text = schema["$ref"].get<std::string>();
    if (text == "#") return &root_;
    const std::string begin = "#/$defs/";
    if (!text.starts_with(begin) || !root_.contains("$defs")) return nullptr;
    const std::string name = text.substr(begin.size());
    if (name.find_first_of("/~%") != std::string::npos) return nullptr;
    const auto found = root_["$defs"].find(name);
    return found == root_["$defs"].end() ? nullptr : &*found;
  }

  void judgeNames(const Value& schema, const std::string& place) {
    for (const char* key : {"required", "propertyOrdering"}) {
      if (!schema.contains(key)) continue;
      if (!schema[key].is_array()) return refuse(key + (" at " + place) + " must be a list");
      std::vector<std::string> seen;
      for (const Value& name : schema[key]) {
        const bool isKnown = name.is_string() && schema.contains("properties") &&
                             schema["properties"].contains(name.get<std::string>());
        if (!isKnown) {
          return refuse("schema at " + place + " requires unspecified property " +
                        json::dump(name));
        }
        if (std::ranges::find(seen, name.get<std::string>()) != seen.end()) {
          return refuse("schema at " + place + " requires a property twice");
        }
        seen.push_back(name.get<std::string>());
      }
    }
  }

  void judgeTypes(const Value& schema, const std::string& place) {
    const std::vector<std::string> known = {"string", "number", "integer", "boolean",
                                            "array",  "object", "null"};
    const auto isKnown = [&](const Value& type) {
      return type.is_string() && std::ranges::find(known, type.get<std::string>()) != known.end();
    };
    if (schema.contains("type")) {
      const Value& type = schema["type"];
      const bool isFit =
          type.is_array() ? !type.empty() && std::ranges::all_of(type, isKnown) : isKnown(type);
      if (!isFit) refuse("unknown type at " + place);
    }
    for (const char* key : {"title", "description", "format"}) {
      if (schema.contains(key) && !schema[key].is_string()) refuse(key + (" at " + place));
    }
    const auto isScalar = [](const Value& each) { return each.is_string() || each.is_number(); };
    if (schema.contains("enum")) {
      const Value& list = schema["enum"];
      const bool isFit = list.is_array() && !list.empty() && std::ranges::all_of(list, isScalar);
      if (!isFit) refuse("value for enum at " + place);
    }
    for (const char* key : {"not", "if", "then", "else", "contains", "propertyNames"}) {
      if (schema.contains(key) && !schema[key].is_object()) refuse(key + (" at " + place));
    }
  }

  // --- Loops ---

  static bool isNull(const Value& schema) {
    return schema.is_object() && schema.contains("type") && schema["type"] == "null";
  }

  static bool isNullable(const Value& schema) {
    if (!schema.is_object() || isNull(schema)) return true;
    if (schema.contains("type") && schema["type"].is_array()) {
      for (const Value& type : schema["type"]) {
        if (type == "null") return true;
      }
    }
    for (const char* key : {"anyOf", "oneOf"}) {
      if (schema.contains(key) && std::ranges::any_of(schema[key], isNull)) return true;
    }
    return false;
  }

  // What a value of `schema` can't do without.
  std::vector<const Value*> needsOf(const Value& schema) const {
    std::vector<const Value*> needs;
    if (!schema.is_object()) return needs;
    if (const Value* target = targetOf(schema)) needs.push_back(target);
    for (const char* key : {"anyOf", "oneOf", "allOf"}) {
      if (!schema.contains(key)) continue;
      for (const Value& inner : schema[key]) needs.push_back(&inner);
    }
    if (schema.contains("required")) {
      for (const Value& name : schema["required"]) {
        const Value& property = schema["properties"][name.get<std::string>()];
        if (!isNullable(property)) needs.push_back(&property);
      }
    }
    if (!schema.contains("minItems") || schema["minItems"].get<double>() <= 0) return needs;
    if (schema.contains("items")) needs.push_back(&schema["items"]);
    if (!schema.contains("prefixItems")) return needs;
    for (const Value& inner : schema["prefixItems"]) needs.push_back(&inner);
    return needs;
  }

  enum class State { Unknown, Open, Done };

  bool loopsFrom(const Value& schema) {
    State& state = states_[&schema];
    if (state == State::Open) return true;
    if (state == State::Done) return false;
    state = State::Open;
    for (const Value* need : needsOf(schema)) {
      if (loopsFrom(*need)) return true;
    }
    states_[&schema] = State::Done;
    return false;
  }

  const Value& root_;
  std::string refusal_;
  std::vector<const Value*> schemas_;
  std::map<const Value*, State> states_;
};

inline std::string schemaRefusal(const json::Value& schema) {
  return SchemaJudge(schema).refusal();
}

inline std::string parametersRefusal(const json::Value& schema) {
  const bool isObject = schema.is_object() && schema.contains("type") && schema["type"] == "object";
  return isObject ? schemaRefusal(schema) : "schema should be of type OBJECT";
}

}  // namespace rondo::translation
