#include "translation/schema_repair.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "translation/schema_edit.h"
#include "translation/schema_hints.h"
#include "translation/schema_keywords.h"
#include "translation/schema_loops.h"
#include "translation/schema_refs.h"
#include "translation/schema_root.h"

namespace rondo::translation {
namespace {

using json::Value;
using Names = std::set<std::string_view>;

// What copies may add to the size of the schema itself.
constexpr std::size_t kFreeCopies = 64 * 1024;
// Copies begin above this level, so that the stack stays small.
constexpr std::size_t kMaxCopyLevel = 24;

// A measure of memory and of output, from the values and their texts. Stops counting at `limit`.
std::size_t sizeOf(const Value& value, std::size_t limit) {
  std::size_t size = 16 + json::asString(value).value_or("").size();
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) {
      if (size >= limit) break;
      size += key.size() + sizeOf(member, limit - size);
    }
  } else if (value.is_array()) {
    for (const Value& member : value) {
      if (size >= limit) break;
      size += sizeOf(member, limit - size);
    }
  }
  return size;
}

// A name that no JSON pointer needs to escape.
bool isPlainName(std::string_view name) {
  return !name.empty() && name.find_first_of("/~%#") == std::string_view::npos;
}

std::string plainName(std::string_view reference) {
  std::string name = referenceName(reference);
  const auto isFit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  std::ranges::replace_if(name, [&](char c) { return !isFit(c); }, '_');
  return name;
}

// Texts where schemas belong: the word for a type, or a description.
Value schemaOf(const Value& odd) {
  Value schema = Value::object();
  const auto text = json::asString(odd);
  if (!text) return schema;
  if (isKnownType(*text)) {
    schema["type"] = toLower(*text);
  } else {
    schema["description"] = *text;
  }
  return schema;
}

bool isFalse(const Value& value) { return value.is_boolean() && !value.get<bool>(); }

// What a type's words are when they are spelled right: a text, a list, or null for no known type.
Value typeOf(const Value& told) {
  if (const auto text = json::asString(told)) {
    return isKnownType(*text) ? Value(toLower(*text)) : Value();
  }
  Value types = Value::array();
  if (!told.is_array()) return nullptr;
  std::set<std::string> seen;
  for (const Value& entry : told) {
    const Value type = entry.is_string() ? typeOf(entry) : Value();
    if (type.is_string() && seen.insert(type.get<std::string>()).second) types.push_back(type);
  }
  if (types.empty()) return nullptr;
  return types.size() == 1 && types != told ? Value(types.front()) : types;
}

// What Google takes in an `enum`.
bool isListed(const Value& value) { return value.is_string() || value.is_number(); }

std::string_view typeOfValue(const Value& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "boolean";
  if (value.is_number_integer()) return "integer";
  if (value.is_number()) return "number";
  if (value.is_string()) return "string";
  return value.is_array() ? "array" : "object";
}

bool hasUnion(const Value& schema) {
  return json::findArray(schema, "anyOf") || json::findArray(schema, "oneOf");
}

// The types that a schema with this `enum` allows, null among them when the list has it. Empty:
// that is said elsewhere, in a union.
Value typesBeside(const Value& schema, const Value& list) {
  const auto isNull = [](const Value& value) { return value.is_null(); };
  if (std::ranges::all_of(list, isNull)) return Value("null");
  const auto told = schema.find("type");
  Value types = told == schema.end() ? Value() : typeOf(*told);
  if (types.is_string()) types = Value::array({std::move(types)});
  const auto add = [&types](std::string_view type) {
    if (std::ranges::find(types, Value(type)) == types.end()) types.push_back(type);
  };
  if (types.is_array()) {
    if (std::ranges::any_of(list, isNull)) add("null");
  } else if (!hasUnion(schema)) {
    types = Value::array();
    for (const Value& value : list) add(typeOfValue(value));
  }
  return types.size() == 1 ? Value(types.front()) : types;
}

// Whether a schema that is but true or false says something at this keyword.
bool isTelling(std::string_view key, bool allows) { return key == "not" ? allows : !allows; }

// Keywords that take true and false as `additionalProperties` does.
bool takesBooleans(std::string_view key) {
  return key.starts_with("additional") || key.starts_with("unevaluated");
}

bool saysNothing(const Value& alternative) {
  return std::ranges::all_of(alternative.items(), [](const auto& member) {
    return member.key() == "title" || member.key() == "description";
  });
}

std::vector<std::string> demandsOf(const Value& alternatives) {
  std::vector<std::string> demands;
  for (const Value& alternative : alternatives) {
    if (std::string demand = demandOf(alternative); !demand.empty()) {
      demands.push_back(std::move(demand));
    }
  }
  return demands;
}

// The keywords of `target`, less what makes it addressable, with those of `source`, which win.
// What both demand of properties, both demand.
Value merged(const Value& target, const Value& source) {
  const Value nothing = Value::object();
  Edit edit(target.is_object() ? target : nothing);
  for (const std::string_view key : {"$id", "$anchor"}) edit.leaveOut(key);
  for (const auto& [key, value] : source.items()) {
    const Value* both = json::find(edit.source(), key);
    if (key.starts_with('$')) continue;
    if (key == "properties" && value.is_object() && both && both->is_object()) {
      Edit properties(*both);
      for (const auto& [name, property] : value.items()) properties.set(name, property);
      edit.set(key, std::move(properties).finish().value_or(*both));
    } else if (key == "required" && value.is_array() && both && both->is_array()) {
      Value names = *both;
      for (const Value& name : value) names.push_back(name);
      edit.set(key, std::move(names));
    } else {
      edit.set(key, value);
    }
  }
  return *std::move(edit).finish();
}

// The names of a list that are among `known`, each once; nothing when those are all.
std::optional<Value> knownNames(const Value& list, Names known) {
  std::vector<const Value*> kept;
  for (const Value& entry : list) {
    const auto name = json::asString(entry);
    if (name && known.erase(*name) > 0) kept.push_back(&entry);
  }
  if (kept.size() == list.size()) return std::nullopt;
  Value names = Value::array();
  for (const Value* name : kept) names.push_back(*name);
  return names;
}

class Repairer {
 public:
  explicit Repairer(const Value& document) : document_(document), references_(document) {}

  // `root` is the document, or what was made of it.
  std::optional<Value> repair(const Value& root) {
    std::optional<Value> repaired = object(root, 0);
    if (moved_.empty()) return repaired;
    Value whole = repaired ? std::move(*repaired) : root;
    whole.erase("definitions");  // All references into it lead to `$defs` by now.
    Value& definitions = whole["$defs"];
    if (!definitions.is_object()) definitions = Value::object();
    for (std::size_t i = 0; i < moved_.size(); ++i) {
      const auto [target, name] = moved_[i];
      std::optional<Value> definition = schema(*target, 1);
      append(definitions, name, definition ? std::move(*definition) : *target);
    }
    return whole;
  }

  bool hasReferences() const { return hasReferences_; }

 private:
  std::optional<Value> schema(const Value& value, std::size_t level) {
    return value.is_object() ? object(value, level) : schemaOf(value);
  }

  std::optional<Value> object(const Value& source, std::size_t level) {
    const auto text = json::findString(source, "$ref");
    return text ? reference(source, *text, level) : members(source, level, {});
  }

  // What the description gets to say more is in `notes`.
  std::optional<Value> members(const Value& source, std::size_t level, std::string notes) {
    Edit edit(source);
    for (const auto& [key, value] : source.items()) member(key, value, level, edit, notes);
    checkNames(source, edit);
    checkValues(source, edit, notes);
    if (!notes.empty()) {
      const std::string_view text = json::findString(source, "description").value_or("");
      edit.set("description", joinSentences(std::string(text), notes));
    }
    return std::move(edit).finish();
  }

  void member(std::string_view key, const Value& value, std::size_t level, Edit& edit,
              std::string& notes) {
    const auto keepIf = [&](bool isFit) {
      if (!isFit) edit.leaveOut(key);
    };
    const auto put = [&](std::optional<Value> changed) {
      if (changed) edit.set(key, std::move(*changed));
    };
    switch (keywordOf(key)) {
      case Keyword::Other:
      case Keyword::Names: break;  // The latter wait for the properties.
      case Keyword::Text: return keepIf(value.is_string());
      case Keyword::Number: return keepIf(value.is_number());
      case Keyword::Enum: return keepIf(value.is_array() && !value.empty());
      case Keyword::Reference:
      case Keyword::Foreign: return edit.leaveOut(key);
      case Keyword::Type: return type(value, edit);
      case Keyword::Properties: return properties(value, level, edit);
      case Keyword::SchemaMap:
        return value.is_object() ? put(map(value, level, Keyword::SchemaMap)) : edit.leaveOut(key);
      case Keyword::SchemaList: return list(key, value, level, edit);
      case Keyword::Union: return alternatives(key, value, level, edit, notes);
      case Keyword::Items: return items(value, level, edit);
      case Keyword::Additional:
        return value.is_object() ? put(object(value, level + 1)) : keepIf(value.is_boolean());
      case Keyword::Condition: return condition(key, value, level, edit, notes);
      case Keyword::Conditions:
        if (!value.is_object() || map(value, level, Keyword::Conditions)) {
          tell(key, value, edit, notes);
        }
    }
  }

  static void type(const Value& told, Edit& edit) {
    Value right = typeOf(told);
    if (right.is_null()) {
      edit.leaveOut("type");
    } else if (right != told) {
      edit.set("type", std::move(right));
    }
  }

  void properties(const Value& value, std::size_t level, Edit& edit) {
    if (!value.is_object()) return edit.set("properties", Value::object());
    std::optional<Value> changed = map(value, level, Keyword::Properties);
    if (changed) edit.set("properties", std::move(*changed));
  }

  // A property that can't have any value is none.
  std::optional<Value> map(const Value& source, std::size_t level, Keyword of) {
    Edit edit(source);
    for (const auto& [name, value] : source.items()) {
      if (of == Keyword::Properties && isFalse(value)) {
        edit.leaveOut(name);
      } else if (auto changed = schema(value, level + 1)) {
        edit.set(name, std::move(*changed));
      }
    }
    return std::move(edit).finish();
  }

  // What can't have any value is no alternative; what is no schema says nothing.
  std::optional<Value> repairedList(const Value& source, std::size_t level) {
    std::optional<Value> copy;
    for (std::size_t i = 0; i < source.size(); ++i) {
      const Value& entry = source[i];
      std::optional<Value> changed = schema(entry, level + 1);
      const bool isOut = isFalse(entry);
      if ((changed || isOut) && !copy) {
        copy = Value::array();
        for (std::size_t j = 0; j < i; ++j) copy->push_back(source[j]);
      }
      if (copy && !isOut) copy->push_back(changed ? std::move(*changed) : entry);
    }
    return copy;
  }

  void list(std::string_view key, const Value& value, std::size_t level, Edit& edit) {
    if (!value.is_array()) return edit.leaveOut(key);
    std::optional<Value> changed = repairedList(value, level);
    if ((changed ? *changed : value).empty()) {
      edit.leaveOut(key);
    } else if (changed) {
      edit.set(key, std::move(*changed));
    }
  }

  // A union one of whose alternatives had nothing but demands demands nothing any more.
  void alternatives(std::string_view key, const Value& value, std::size_t level, Edit& edit,
                    std::string& notes) {
    if (!value.is_array() || value.empty()) return edit.leaveOut(key);
    std::optional<Value> changed = repairedList(value, level);
    if (!changed) return;
    const std::vector<std::string> demands = demandsOf(value);
    const bool isLost = demands != demandsOf(*changed);
    if (isLost) notes = joinSentences(std::move(notes), oneOf(demands));
    if (changed->empty() || (isLost && std::ranges::any_of(*changed, saysNothing))) {
      edit.leaveOut(key);
    } else {
      edit.set(key, std::move(*changed));
    }
  }

  // Of old, a list of schemas was what `prefixItems` is now. That others are allowed, or none, says
  // nothing that Google listens to.
  void items(const Value& value, std::size_t level, Edit& edit) {
    if (value.is_object()) {
      if (auto changed = object(value, level + 1)) edit.set("items", std::move(*changed));
      return;
    }
    edit.leaveOut("items");
    if (value.is_string()) edit.set("items", schemaOf(value));
    if (!value.is_array() || edit.source().contains("prefixItems")) return;
    std::optional<Value> changed = repairedList(value, level);
    if (!(changed ? *changed : value).empty()) {
      edit.set("prefixItems", changed ? std::move(*changed) : value);
    }
  }

  void condition(std::string_view key, const Value& value, std::size_t level, Edit& edit,
                 std::string& notes) {
    if (value.is_boolean()) {
      if (takesBooleans(key)) return;
      edit.leaveOut(key);
      if (isTelling(key, value.get<bool>())) tell(key, value, edit, notes);
      return;
    }
    if (schema(value, level + 1)) tell(key, value, edit, notes);
  }

  static void tell(std::string_view key, const Value& value, Edit& edit, std::string& notes) {
    edit.leaveOut(key);
    notes = joinSentences(std::move(notes), lostConstraint(key, value));
  }

  // An `enum` with more in it than Google takes: null goes into the type, and what else is no text
  // and no number is told.
  static void checkValues(const Value& source, Edit& edit, std::string& notes) {
    const Value* list = json::findArray(source, "enum");
    if (!list || std::ranges::all_of(*list, isListed)) return;
    Value kept = Value::array();
    bool isToldByType = true;
    for (const Value& value : *list) {
      if (isListed(value)) kept.push_back(value);
      if (!isListed(value) && !value.is_null()) isToldByType = false;
    }
    Value types = typesBeside(source, *list);
    if (types.empty() || !isToldByType) {
      notes = joinSentences(std::move(notes), lostConstraint("enum", *list));
    }
    if (!types.empty()) edit.set("type", std::move(types));
    if (kept.empty()) {
      edit.leaveOut("enum");
    } else {
      edit.set("enum", std::move(kept));
    }
  }

  // `required` and `propertyOrdering`, once it is known which properties there are.
  static void checkNames(const Value& source, Edit& edit) {
    const Value* properties = json::findObject(source, "properties");
    for (const auto& [key, value] : source.items()) {
      if (keywordOf(key) != Keyword::Names || areFew(value, properties)) continue;
      std::optional<Value> names =
          value.is_array() ? knownNames(value, namesOf(properties)) : Value::array();
      if (names && names->empty()) edit.leaveOut(key);
      if (names && !names->empty()) edit.set(key, std::move(*names));
    }
    if (properties) promote(source, *properties, edit);
  }

  static Names namesOf(const Value* properties) {
    Names names;
    if (!properties) return names;
    for (const auto& [name, property] : properties->items()) {
      if (!isFalse(property)) names.insert(name);
    }
    return names;
  }

  // Whether it is a short list of properties, each once, as most are: told without a set of them.
  static bool areFew(const Value& list, const Value* properties) {
    constexpr std::size_t kFew = 16;
    if (!list.is_array() || list.size() > kFew || (!properties && !list.empty())) return false;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto name = json::asString(list[i]);
      const Value* property = name ? json::find(*properties, *name) : nullptr;
      if (!property || isFalse(*property)) return false;
      for (std::size_t j = 0; j < i; ++j) {
        if (list[j] == list[i]) return false;
      }
    }
    return true;
  }

  // Some authors write `"required": true` into the property itself.
  static void promote(const Value& source, const Value& properties, Edit& edit) {
    const auto demands = [](const auto& property) {
      return json::findBool(property.value(), "required") == true;
    };
    if (std::ranges::none_of(properties.items(), demands)) return;
    Value all = Value::array();
    if (const Value* required = json::findArray(source, "required")) all = *required;
    for (const auto& property : properties.items()) {
      if (demands(property)) all.push_back(property.key());
    }
    std::optional<Value> names = knownNames(all, namesOf(&properties));
    edit.set("required", names ? std::move(*names) : std::move(all));
  }

  std::optional<Value> reference(const Value& source, std::string_view text, std::size_t level) {
    if (level == 0) return rootReference(source);
    const Value* target = references_.find(text);
    const std::string place = target ? placeOf(*target, text) : "";
    if (place.empty()) return members(source, level, "A " + referenceName(text) + '.');
    const bool isCopy = hasSiblings(source) && level <= kMaxCopyLevel && !isOpen(*target);
    if (isCopy && mayCopy(*target)) return copied(*target, source, level);
    hasReferences_ = true;
    if (place == text && isAlone(source)) return std::nullopt;
    return plainReference(source, place);
  }

  // The definitions must stand beside it, so a reference can't stay at the root.
  std::optional<Value> rootReference(const Value& source) {
    constexpr std::size_t kMaxSteps = 8;
    std::vector<const Value*> seen = {&document_};
    Value root = source;
    std::string notes;
    while (const auto text = json::findString(root, "$ref")) {
      const Value* target = references_.find(*text);
      if (!target || std::ranges::find(seen, target) != seen.end() || seen.size() > kMaxSteps) {
        notes = "A " + referenceName(*text) + '.';
        break;
      }
      seen.push_back(target);
      root = merged(*target, root);
    }
    keepDefinitions(root);
    std::optional<Value> repaired = members(root, 0, notes);
    return repaired ? std::move(repaired) : std::move(root);
  }

  Value copied(const Value& target, const Value& source, std::size_t level) {
    open_.push_back(&target);
    Value copy = merged(target, source);
    std::optional<Value> repaired = object(copy, level);
    open_.pop_back();
    return repaired ? std::move(*repaired) : std::move(copy);
  }

  bool isOpen(const Value& target) const {
    return &target == &document_ ? !open_.empty()
                                 : std::ranges::find(open_, &target) != open_.end();
  }

  static bool hasSiblings(const Value& source) {
    return !std::ranges::all_of(source.items(), [](const auto& member) {
      const std::string_view key = member.key();
      return key.starts_with('$') || key == "default" || key == "description";
    });
  }

  static bool isAlone(const Value& source) {
    return std::ranges::all_of(source.items(), [](const auto& member) {
      const std::string_view key = member.key();
      return key == "$ref" || key == "default" ||
             (key == "description" && member.value().is_string());
    });
  }

  static Value plainReference(const Value& source, std::string_view place) {
    Value plain = Value::object();
    plain["$ref"] = place;
    if (const auto text = json::findString(source, "description")) plain["description"] = *text;
    if (const auto value = source.find("default"); value != source.end()) plain["default"] = *value;
    return plain;
  }

  void keepDefinitions(Value& copy) const {
    for (const std::string_view key : {"$defs", "definitions"}) {
      if (const Value* definitions = json::findObject(document_, key)) copy[key] = *definitions;
    }
  }

  // How a reference to `target` is spelled; empty when there is no room to put it under `$defs`.
  std::string placeOf(const Value& target, std::string_view text) {
    if (&target == &document_) return "#";
    constexpr std::string_view kDefinitions = "#/$defs/";
    if (text.starts_with(kDefinitions) && isPlainName(text.substr(kDefinitions.size()))) {
      return std::string(text);
    }
    if (!std::exchange(hasPlaces_, true)) findPlaces();
    auto known = places_.find(&target);
    if (known == places_.end()) {
      if (!mayCopy(target)) return {};
      const auto [name, isNew] = names_.insert(freeName(text));
      moved_.emplace_back(&target, *name);
      known = places_.emplace(&target, *name).first;
    }
    return std::string(kDefinitions).append(known->second);
  }

  void findPlaces() {
    const Value* definitions = json::findObject(document_, "$defs");
    if (!definitions) return;
    for (const auto& [name, value] : definitions->items()) {
      names_.insert(name);
      if (isPlainName(name)) places_.emplace(&value, name);
    }
  }

  std::string freeName(std::string_view text) {
    const std::string wanted = plainName(text);
    std::string name = wanted;
    while (names_.contains(name)) name = wanted + '_' + std::to_string(++taken_[wanted]);
    return name;
  }

  bool mayCopy(const Value& target) {
    if (!room_) room_ = kFreeCopies + sizeOf(document_, SIZE_MAX);
    const auto [known, isNew] = sizes_.try_emplace(&target, 0);
    if (isNew) known->second = sizeOf(target, *room_ + 1);
    if (known->second > *room_) return false;
    *room_ -= known->second;
    return true;
  }

  const Value& document_;
  SchemaReferences references_;
  bool hasReferences_ = false;
  std::vector<const Value*> open_;  // What the copies that the node is inside of are made of.

  // What references lead to, by its name among `$defs`.
  bool hasPlaces_ = false;
  std::map<const Value*, std::string_view> places_;
  std::set<std::string, std::less<>> names_;
  std::map<std::string, std::size_t> taken_;
  std::vector<std::pair<const Value*, std::string_view>> moved_;

  std::optional<std::size_t> room_;
  std::map<const Value*, std::size_t> sizes_;
};

std::optional<Value> repair(const Value& schema, std::optional<Value> root) {
  Repairer repairer(schema);
  std::optional<Value> repaired = repairer.repair(root ? *root : schema);
  if (!repaired) repaired = std::move(root);
  if (!repairer.hasReferences()) return repaired;
  std::optional<Value> cut = cutLoops(repaired ? *repaired : schema);
  return cut ? std::move(cut) : std::move(repaired);
}

}  // namespace

std::optional<Value> repairSchema(const Value& schema) {
  return repair(schema, isBareMap(schema) ? objectRoot(schema) : std::nullopt);
}

std::optional<Value> repairParameters(const Value& schema) {
  std::optional<Value> repaired = repair(schema, objectRoot(schema));
  // Whatever an `enum` at the root allows, arguments are an object.
  if (repaired) (*repaired)["type"] = "object";
  return repaired;
}

}  // namespace rondo::translation
