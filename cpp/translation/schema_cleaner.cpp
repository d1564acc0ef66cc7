#include "translation/schema_cleaner.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "translation/schema_gatherer.h"
#include "translation/schema_hints.h"
#include "translation/schema_node.h"
#include "translation/schema_root.h"

namespace rondo::translation {
namespace {

using json::Value;

// Google refuses deep schemas.
constexpr std::size_t kMaxLevels = 32;
constexpr std::size_t kMaxBranches = 32;

// Keywords that mean the same in both dialects, by the kind of value they have.
constexpr std::array<std::string_view, 2> kTexts = {"title", "pattern"};
constexpr std::array<std::string_view, 8> kNumbers = {"minItems",  "maxItems",      "minLength",
                                                      "maxLength", "minProperties", "maxProperties",
                                                      "minimum",   "maximum"};
constexpr std::array<std::string_view, 2> kSamples = {"default", "example"};

std::string upper(std::string_view word) {
  std::string text(word);
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

Value stub(std::string_view type, std::string_view description) {
  Value node = Value::object();
  node["type"] = type;
  if (!description.empty()) node["description"] = description;
  return node;
}

// The properties of an object that may have any. Google refuses one that declares none: "should be
// non-empty for OBJECT type".
Value anyProperties() {
  Value properties = Value::object();
  properties["any"] = stub("STRING", "Stands for members of any name.");
  return properties;
}

Value objectStub(std::string_view description) {
  Value node = stub("OBJECT", description);
  node["properties"] = anyProperties();
  return node;
}

// A union stands alone at Google's, so null goes into each alternative.
void markNullable(Value& node) {
  if (const auto anyOf = node.find("anyOf"); anyOf != node.end()) {
    for (Value& branch : *anyOf) markNullable(branch);
  } else {
    node["nullable"] = true;
  }
}

class Cleaner {
 public:
  explicit Cleaner(const Value& root) : root_(root), gatherer_(root) {}

  Value cleanRoot() {
    if (!isBareMap(root_)) return clean(root_, 0, nullptr);
    SchemaNode node;
    gatherer_.takeBareMap(root_, node);
    return cleanNode(node, 0);
  }

 private:
  // `parent` is a union that `source` is an alternative of, or null.
  Value clean(const Value& source, std::size_t level, const SchemaNode* parent) {
    if (!source.is_object()) return stub("STRING", "Any value.");
    if (level > kMaxLevels) return objectStub("Nested too deep to be described.");
    const std::size_t mark = gatherer_.mark();
    SchemaNode node;
    gatherer_.take(source, node);
    if (parent) node.addSiblings(*parent);
    Value result = cleanNode(node, level);
    gatherer_.release(mark);
    return result;
  }

  Value cleanNode(SchemaNode& node, std::size_t level) {
    const Value* told = node.find("nullable");
    bool isNullable = told && *told == Value(true);
    std::vector<const Value*> branches = takeBranches(node, isNullable);
    Value result;
    if (branches.size() == 1 && level < kMaxLevels) {
      SchemaNode only;
      gatherer_.take(*branches.front(), only);
      only.addParent(node);
      result = cleanNode(only, level + 1);
    } else if (!branches.empty()) {
      result = cleanUnion(node, branches, level);
    } else {
      result = cleanTypes(node, level, isNullable);
    }
    if (isNullable) markNullable(result);
    return result;
  }

  // The alternatives without null. A node with properties of its own can't be a union as well: it
  // takes in the properties of its alternatives.
  std::vector<const Value*> takeBranches(SchemaNode& node, bool& isNullable) {
    std::vector<const Value*> branches;
    std::vector<std::string> demands;
    for (const Value* alternative : std::exchange(node.alternatives(), {})) {
      if (isNullSchema(*alternative)) {
        isNullable = true;
      } else if (node.hasProperties()) {
        node.addProperties(*alternative);
        if (std::string names = demandOf(*alternative); !names.empty()) demands.push_back(names);
      } else if (alternative->is_object() && branches.size() < kMaxBranches) {
        branches.push_back(alternative);
      }
    }
    node.addNote(oneOf(demands));
    return branches;
  }

  Value cleanUnion(const SchemaNode& node, const std::vector<const Value*>& branches,
                   std::size_t level) {
    Value result = Value::object();
    Value& anyOf = result["anyOf"] = Value::array();
    for (const Value* branch : branches) anyOf.push_back(clean(*branch, level + 1, &node));
    return result;
  }

  // `type` may be a list.
  Value cleanTypes(SchemaNode& node, std::size_t level, bool& isNullable) {
    const Value* list = node.find("type");
    if (!list || !list->is_array()) return cleanPlain(node, level);
    std::vector<std::string_view> types;
    for (const Value& entry : *list) {
      const std::string_view type = json::asString(entry).value_or("");
      const bool isNull = equalsIgnoringCase(type, "null");
      if (isNull) isNullable = true;
      const bool isNew = std::ranges::find(types, type) == types.end();
      if (!isNull && isKnownType(type) && isNew) types.push_back(type);
    }
    if (types.size() < 2) {
      if (!types.empty()) node.setType(types.front());
      return cleanPlain(node, level);
    }
    Value result = Value::object();
    Value& anyOf = result["anyOf"] = Value::array();
    for (const std::string_view type : types) {
      node.setType(type);
      anyOf.push_back(cleanPlain(node, level + 1));
    }
    return result;
  }

  Value cleanPlain(SchemaNode& node, std::size_t level) {
    Value result = Value::object();
    const bool isAny = node.type().empty();
    const std::string type = isAny ? "STRING" : upper(node.type());
    result["type"] = type;
    std::string notes(isAny ? "Any value." : "");
    keep(node, result);
    addFormat(node, type, result, notes);
    addEnum(node, type, result, notes);
    if (type == "ARRAY") addItems(node, result, level);
    if (type == "OBJECT") addProperties(node, result, level);
    notes = joinSentences(std::move(notes), lostConstraints(node));
    std::string description = joinSentences(node.description(), notes);
    if (!description.empty()) result["description"] = std::move(description);
    return result;
  }

  static void keep(const SchemaNode& node, Value& result) {
    const auto keepIf = [&](const auto& keys, auto isFit) {
      for (const std::string_view key : keys) {
        const Value* value = node.find(key);
        if (value && isFit(*value)) result[key] = *value;
      }
    };
    keepIf(kTexts, [](const Value& value) { return value.is_string(); });
    keepIf(kNumbers, [](const Value& value) { return value.is_number(); });
    keepIf(kSamples, [](const Value& value) { return value.is_primitive() && !value.is_null(); });
  }

  static void addFormat(const SchemaNode& node, std::string_view type, Value& result,
                        std::string& notes) {
    const std::string_view format = node.text("format");
    if (format.empty()) return;
    if (isKnownFormat(type, format)) {
      result["format"] = format;
    } else {
      notes = joinSentences(std::move(notes), "Format: " + std::string(format) + '.');
    }
  }

  // Google's enum holds texts that are not empty, of the type STRING alone.
  static void addEnum(const SchemaNode& node, std::string_view type, Value& result,
                      std::string& notes) {
    std::vector<const Value*> values;
    if (const Value* only = node.find("const")) {
      values.push_back(only);
    } else if (const Value* list = node.find("enum"); list && list->is_array()) {
      for (const Value& value : *list) values.push_back(&value);
    }
    Value texts = Value::array();
    std::string told;
    constexpr std::size_t kMaxTold = 1000;
    for (const Value* value : values) {
      if (value->is_null()) result["nullable"] = true;
      if (value->is_null() || *value == Value("")) continue;
      if (value->is_string()) texts.push_back(*value);
      if (value->is_primitive() && told.size() <= kMaxTold) {
        told += (told.empty() ? "" : ", ") + json::dump(*value);
      }
    }
    if (type == "STRING" && !texts.empty()) {
      result["enum"] = std::move(texts);
    } else if (!told.empty() && told.size() <= kMaxTold) {
      notes = joinSentences(std::move(notes), "Allowed: " + told + '.');
    }
  }

  void addItems(const SchemaNode& node, Value& result, std::size_t level) {
    const Value* items = node.find("items");
    const Value* tuple = items && items->is_array() ? items : node.find("prefixItems");
    if (items && items->is_object()) {
      result["items"] = clean(*items, level + 1, nullptr);
    } else if (tuple && tuple->is_array() && !tuple->empty()) {
      SchemaNode choice;
      for (const Value& entry : *tuple) choice.alternatives().push_back(&entry);
      result["items"] = cleanNode(choice, level + 1);
    } else {
      result["items"] = stub("STRING", {});
    }
  }

  // A root without properties is told apart by whoever asked for it.
  void addProperties(const SchemaNode& node, Value& result, std::size_t level) {
    Value cleaned = Value::object();
    Value required = Value::array();
    for (const SchemaNode::Property& property : node.properties()) {
      if (gatherer_.isExhausted()) break;
      cleaned[property.first] = clean(*property.second, level + 1, nullptr);
      if (node.isRequired(property)) required.push_back(property.first);
    }
    if (cleaned.empty()) {
      if (level > 0) result["properties"] = anyProperties();
      return;
    }
    result["properties"] = std::move(cleaned);
    if (!required.empty()) result["required"] = std::move(required);
  }

  const Value& root_;
  SchemaGatherer gatherer_;
};

}  // namespace

json::Value cleanSchema(const json::Value& schema) { return Cleaner(schema).cleanRoot(); }

json::Value cleanParameters(const json::Value& schema) {
  const auto flat = flatRoot(schema);
  return cleanSchema(flat ? *flat : schema);
}

}  // namespace rondo::translation
