#include "translation/schema_root.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "translation/schema_edit.h"
#include "translation/schema_gatherer.h"
#include "translation/schema_hints.h"
#include "translation/schema_keywords.h"

namespace rondo::translation {
namespace {

using json::Value;
using Names = std::set<std::string_view>;

constexpr std::size_t kMaxAlternatives = 256;
constexpr std::size_t kMaxVariants = 32;
constexpr std::size_t kMaxLevels = 8;

// The texts that a schema allows when it allows nothing else, else none.
std::vector<const Value*> allowedTexts(const Value& schema) {
  std::vector<const Value*> texts;
  if (const Value* only = json::find(schema, "const")) {
    texts.push_back(only);
  } else if (const Value* list = json::findArray(schema, "enum")) {
    for (const Value& value : *list) texts.push_back(&value);
  }
  const auto isText = [](const Value* value) { return value->is_string(); };
  return std::ranges::all_of(texts, isText) ? texts : std::vector<const Value*>();
}

// What several alternatives say about one property.
class Variants {
 public:
  void add(const Value& schema) {
    if (!seen_.insert(&schema).second) return;
    const auto isSame = [&](const Value* known) { return *known == schema; };
    if (schemas_.size() < kMaxVariants && std::ranges::none_of(schemas_, isSame)) {
      schemas_.push_back(&schema);
    }
  }

  // The word by which an alternative is told from others: `kind "circle"`.
  std::string word(std::string_view name) const {
    constexpr std::size_t kMaxText = 50;
    const Value& schema = *schemas_.front();
    const Value* only = json::find(schema, "const");
    const Value* list = json::findArray(schema, "enum");
    if (!only && list && list->size() == 1) only = &list->front();
    const std::string_view text = only ? json::asString(*only).value_or("") : "";
    std::string word(name);
    return text.empty() || text.size() > kMaxText ? word : word + ' ' + json::quote(text);
  }

  const std::vector<const Value*>& schemas() const { return schemas_; }

  Value schema() const {
    if (schemas_.size() == 1) return *schemas_.front();
    if (Value joined = joinedEnum(); !joined.is_null()) return joined;
    Value anyOf = Value::array();
    for (const Value* schema : schemas_) anyOf.push_back(*schema);
    Value schema = Value::object();
    schema["anyOf"] = std::move(anyOf);
    return schema;
  }

 private:
  Value joinedEnum() const {
    Names seen;
    Value texts = Value::array();
    for (const Value* schema : schemas_) {
      const auto allowed = allowedTexts(*schema);
      if (allowed.empty()) return nullptr;
      for (const Value* text : allowed) {
        if (seen.insert(*json::asString(*text)).second) texts.push_back(*text);
      }
    }
    Value joined = Value::object();
    joined["type"] = "string";
    joined["enum"] = std::move(texts);
    return joined;
  }

  std::vector<const Value*> schemas_;
  std::set<const Value*> seen_;  // With those that say the same.
};

// What a schema and its alternatives say about the members of an object.
struct Arguments {
  std::vector<std::pair<std::string_view, Variants>> properties;
  std::map<std::string_view, std::size_t> places;
  Names required;
  std::vector<std::string> options;  // One sentence an alternative.

  void add(std::string_view name, const Value& schema) {
    const auto [place, isNew] = places.emplace(name, properties.size());
    if (isNew) properties.emplace_back(name, Variants());
    properties[place->second].second.add(schema);
  }
};

// "kind "circle", radius, optionally label".
std::string optionOf(const Arguments& arguments) {
  constexpr std::size_t kMaxOption = 200;
  std::string text;
  const auto tell = [&](std::string_view joint, const std::string& word) {
    if (text.size() + word.size() < kMaxOption)
      text += (text.empty() ? "" : ", ") + std::string(joint) + word;
  };
  for (const std::string_view name : arguments.required) {
    const auto place = arguments.places.find(name);
    const bool isKnown = place != arguments.places.end();
    tell("", isKnown ? arguments.properties[place->second].second.word(name) : std::string(name));
  }
  std::string_view joint = "optionally ";
  for (const auto& [name, variants] : arguments.properties) {
    if (arguments.required.contains(name)) continue;
    tell(std::exchange(joint, ""), std::string(name));
  }
  return text;
}

Names common(const Names& a, const Names& b) {
  Names both;
  for (const std::string_view name : a) {
    if (b.contains(name)) both.insert(name);
  }
  return both;
}

class RootFolder {
 public:
  explicit RootFolder(const Value& schema) : schema_(schema), gatherer_(schema) {
    gatherer_.take(schema, root_);
  }

  bool hasAlternatives() { return !root_.alternatives().empty(); }

  Value fold() {
    const Arguments arguments = gather(root_, 0);
    Value root = Value::object();
    root["type"] = "object";
    std::string text = joinSentences(root_.description(), oneOf(arguments.options));
    if (!text.empty()) root["description"] = std::move(text);
    addProperties(arguments, root);
    for (const auto& [key, value] : root_.keywords()) {
      if (isKept(key)) append(root, key, *value);
    }
    for (const std::string_view key : {"$defs", "definitions"}) {
      if (const Value* definitions = json::findObject(schema_, key)) root[key] = *definitions;
    }
    return root;
  }

 private:
  static bool isKept(std::string_view key) {
    constexpr std::array<std::string_view, 5> kSaid = {"type", "description", "properties",
                                                       "required", "nullable"};
    return std::ranges::find(kSaid, key) == kSaid.end() && keywordOf(key) != Keyword::Union;
  }

  static void addProperties(const Arguments& arguments, Value& root) {
    if (arguments.properties.empty()) return;
    Value& properties = root["properties"] = Value::object();
    Value required = Value::array();
    for (const auto& [name, variants] : arguments.properties) {
      append(properties, name, variants.schema());
      if (arguments.required.contains(name)) required.push_back(name);
    }
    if (!required.empty()) root["required"] = std::move(required);
  }

  Arguments gather(SchemaNode& node, std::size_t level) {
    Arguments arguments;
    arguments.required = node.required();
    for (const SchemaNode::Property& property : node.properties()) {
      arguments.add(property.first, *property.second);
      if (node.isRequired(property)) arguments.required.insert(property.first);
    }
    if (level < kMaxLevels) gatherAlternatives(node, level, arguments);
    return arguments;
  }

  void gatherAlternatives(SchemaNode& node, std::size_t level, Arguments& arguments) {
    std::optional<Names> all;
    for (const Value* alternative : std::exchange(node.alternatives(), {})) {
      if (alternatives_ >= kMaxAlternatives || isNullSchema(*alternative)) continue;
      ++alternatives_;
      const std::size_t mark = gatherer_.mark();
      SchemaNode inner;
      gatherer_.take(*alternative, inner);
      if (inner.type().empty() || equalsIgnoringCase(inner.type(), "object")) {
        const Arguments option = gather(inner, level + 1);
        all = all ? common(*all, option.required) : option.required;
        take(option, arguments);
      }
      gatherer_.release(mark);
    }
    if (all) arguments.required.insert(all->begin(), all->end());
  }

  static void take(const Arguments& option, Arguments& arguments) {
    for (const auto& [name, variants] : option.properties) {
      for (const Value* schema : variants.schemas()) arguments.add(name, *schema);
    }
    const bool isUnion = !option.options.empty();
    if (isUnion) {
      arguments.options.insert(arguments.options.end(), option.options.begin(),
                               option.options.end());
    } else if (std::string text = optionOf(option); !text.empty()) {
      arguments.options.push_back(std::move(text));
    }
  }

  const Value& schema_;
  SchemaGatherer gatherer_;
  SchemaNode root_;
  std::size_t alternatives_ = 0;
};

bool hasAny(const Value& schema, const auto& keys) {
  return std::ranges::any_of(keys, [&](std::string_view key) { return json::find(schema, key); });
}

// The same members with `type: object` in front.
Value typedAsObject(const Value& schema) {
  Value typed = Value::object();
  typed["type"] = "object";
  for (const auto& [key, value] : schema.items()) {
    if (key != "type") append(typed, key, value);
  }
  return typed;
}

Value wrapped(const Value& map) {
  Value schema = Value::object();
  schema["type"] = "object";
  schema["properties"] = map;
  return schema;
}

}  // namespace

std::optional<Value> objectRoot(const Value& schema) {
  constexpr std::array<std::string_view, 3> kJoining = {"anyOf", "oneOf", "allOf"};
  if (isBareMap(schema)) return wrapped(schema);
  const bool isObject = json::findString(schema, "type") == "object";
  if (json::findString(schema, "$ref") || (!isObject && hasAny(schema, kJoining))) {
    return RootFolder(schema).fold();
  }
  if (isObject) return std::nullopt;
  return typedAsObject(schema);
}

std::optional<Value> flatRoot(const Value& schema) {
  if (isBareMap(schema)) return wrapped(schema);
  RootFolder folder(schema);
  if (!folder.hasAlternatives()) return std::nullopt;
  return folder.fold();
}

bool isBareMap(const Value& schema) {
  constexpr std::array<std::string_view, 3> kData = {"const", "default", "example"};
  const auto isName = [&](std::string_view key) {
    switch (keywordOf(key)) {
      case Keyword::Other: return std::ranges::find(kData, key) == kData.end();
      case Keyword::Text:
      case Keyword::Number:
      case Keyword::Type:
      case Keyword::Names:
      case Keyword::Foreign: return true;
      default: return false;
    }
  };
  if (!schema.is_object() || schema.empty()) return false;
  return std::ranges::all_of(schema.items(), [&](const auto& member) {
    return member.value().is_object() && isName(member.key());
  });
}

}  // namespace rondo::translation
