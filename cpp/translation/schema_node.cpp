#include "translation/schema_node.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "translation/schema_hints.h"

namespace rondo::translation {
namespace {

using json::Value;

// Dealt with by those who follow references, or about the document and not about a value.
constexpr std::array<std::string_view, 6> kSkipped = {"$ref",        "allOf",   "$defs",
                                                      "definitions", "$schema", "$id"};

bool isSkipped(std::string_view key) { return std::ranges::find(kSkipped, key) != kSkipped.end(); }

// Longer texts are not repeated in every alternative.
bool isShort(const Value& value) {
  constexpr std::size_t kMaxSibling = 1000;
  const auto text = json::asString(value);
  return text ? text->size() <= kMaxSibling : value.is_primitive();
}

std::string_view typeOfEnum(const Value& values) {
  if (!values.is_array() || values.empty()) return {};
  const auto first = std::ranges::find_if(values, [](const Value& v) { return !v.is_null(); });
  if (first == values.end()) return "string";
  if (first->is_boolean()) return "boolean";
  if (first->is_number_integer()) return "integer";
  return first->is_number() ? "number" : "string";
}

std::string_view typeOfConst(const Value& value) {
  if (value.is_boolean()) return "boolean";
  if (value.is_number_integer()) return "integer";
  if (value.is_number()) return "number";
  return value.is_string() ? "string" : "";
}

}  // namespace

void SchemaNode::add(const Value& schema) {
  if (!schema.is_object()) return;
  addProperties(schema);
  for (const auto& [key, value] : schema.items()) {
    if (isSkipped(key) || (key == "properties" && value.is_object())) continue;
    if (key == "required" && value.is_array()) {
      for (const Value& entry : value) {
        if (const auto name = json::asString(entry)) required_.insert(*name);
      }
    } else if ((key == "anyOf" || key == "oneOf") && value.is_array()) {
      for (const Value& alternative : value) alternatives_.push_back(&alternative);
    } else {
      keywords_.emplace(key, &value);
    }
  }
}

void SchemaNode::addProperties(const Value& schema) {
  const Value* properties = json::findObject(schema, "properties");
  if (properties) addBareProperties(*properties);
}

void SchemaNode::addBareProperties(const Value& map) {
  hasProperties_ = true;
  for (const auto& [name, property] : map.items()) {
    if (names_.insert(name).second) properties_.emplace_back(name, &property);
  }
}

void SchemaNode::addSiblings(const SchemaNode& parent) {
  for (const auto& [key, value] : parent.keywords_) {
    if (key != "default" && isShort(*value)) keywords_.emplace(key, value);
  }
}

void SchemaNode::addParent(const SchemaNode& parent) {
  // The text beside the union is the author's about this very place.
  if (const Value* text = parent.find("description")) keywords_["description"] = text;
  for (const auto& [key, value] : parent.keywords_) {
    if (value->is_primitive()) keywords_.emplace(key, value);
  }
  addNote(parent.notes_);
}

void SchemaNode::addNote(std::string_view sentence) {
  notes_ = joinSentences(std::move(notes_), sentence);
}

const Value* SchemaNode::find(std::string_view keyword) const {
  const auto member = keywords_.find(keyword);
  return member == keywords_.end() ? nullptr : member->second;
}

std::string_view SchemaNode::text(std::string_view keyword) const {
  const Value* value = find(keyword);
  return value ? json::asString(*value).value_or("") : "";
}

// Some authors write `"required": true` into the property itself.
bool SchemaNode::isRequired(const Property& property) const {
  return required_.contains(property.first) || json::findBool(*property.second, "required") == true;
}

std::string SchemaNode::description() const {
  return joinSentences(std::string(text("description")), notes_);
}

std::string_view SchemaNode::type() const {
  if (!type_.empty()) return type_;
  if (const auto told = text("type"); isKnownType(told)) return told;
  if (hasProperties_) return "object";
  if (find("items") || find("prefixItems")) return "array";
  if (const Value* only = find("const")) return typeOfConst(*only);
  if (const Value* values = find("enum")) return typeOfEnum(*values);
  return find("minimum") || find("maximum") ? "number" : "";
}

bool isNullSchema(const Value& schema) {
  if (const auto type = json::findString(schema, "type")) return equalsIgnoringCase(*type, "null");
  if (!schema.is_object()) return false;
  if (const auto only = schema.find("const"); only != schema.end()) return only->is_null();
  const Value* values = json::findArray(schema, "enum");
  return values && values->size() == 1 && values->front().is_null();
}

}  // namespace rondo::translation
