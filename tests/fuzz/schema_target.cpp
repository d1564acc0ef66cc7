#include <algorithm>
#include <array>
#include <optional>

#include "fuzz/require.h"
#include "fuzz/targets.h"
#include "native/translation/schema_refusal.h"
#include "translation/schema_cleaner.h"
#include "translation/schema_repair.h"

namespace rondo::fuzz {
namespace {

using json::Value;

// The members of Google's Schema (ai.google.dev/api/caching#Schema) that hold no schemas.
constexpr std::array<std::string_view, 18> kPlain = {
    "type",          "format",        "title",    "description", "nullable",  "enum",
    "maxItems",      "minItems",      "required", "minLength",   "maxLength", "pattern",
    "minProperties", "maxProperties", "example",  "default",     "minimum",   "maximum"};

constexpr std::array<std::string_view, 7> kTypes = {"STRING", "NUMBER", "INTEGER", "BOOLEAN",
                                                    "ARRAY",  "OBJECT", "NULL"};

bool contains(const auto& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

void checkNode(const Value& node);

void checkUnion(const Value& node) {
  require(node.size() == 1, "a union stands alone", json::dump(node));
  require(!node.at("anyOf").empty(), "a union has alternatives", json::dump(node));
  for (const Value& branch : node.at("anyOf")) checkNode(branch);
}

void checkEnum(const Value& node) {
  require(node.at("type") == "STRING", "an enum is of texts", json::dump(node));
  for (const Value& text : node.at("enum")) {
    require(text.is_string() && text != Value(""), "an enum's texts say something",
            json::dump(node));
  }
}

void checkRequired(const Value& node) {
  const Value* properties = json::findObject(node, "properties");
  for (const Value& name : node.at("required")) {
    require(properties && properties->contains(name.get_ref<const std::string&>()),
            "what is required is there", json::dump(node));
  }
}

void checkNode(const Value& node) {
  require(node.is_object(), "a schema is an object", json::dump(node));
  if (node.contains("anyOf")) {
    checkUnion(node);
    return;
  }
  const std::string_view type = json::findString(node, "type").value_or("");
  require(contains(kTypes, type), "a type is one of Google's", json::dump(node));
  require(type != "ARRAY" || node.contains("items"), "an array has items", json::dump(node));
  for (const auto& [key, value] : node.items()) {
    if (key == "properties") {
      for (const Value& property : value) checkNode(property);
    } else if (key == "items") {
      checkNode(value);
    } else {
      require(contains(kPlain, key), "a keyword is one of Google's", json::dump(node));
    }
  }
  if (node.contains("enum")) checkEnum(node);
  if (node.contains("required")) checkRequired(node);
}

void checkCleaned(const Value& cleaned) {
  const std::string text = json::dump(cleaned);
  constexpr std::size_t kMost = 16 * 1024 * 1024;
  require(text.size() <= kMost, "a cleaned schema is bounded", text);
  readOwn(text, "a cleaned schema is JSON");
  checkNode(cleaned);
}

using Repair = std::optional<Value> (*)(const Value&);

// The schema as it goes out.
Value repaired(const Value& schema, Repair repair, std::size_t size) {
  const std::optional<Value> changed = repair(schema);
  if (!changed) return schema;
  const std::string text = json::dump(*changed);
  require(text.size() <= 16 * size + 1024 * 1024, "a repaired schema is bounded", text);
  readOwn(text, "a repaired schema is JSON");
  return *changed;
}

void checkRepaired(const Value& schema, std::size_t size) {
  using namespace translation;
  const Value answer = repaired(schema, repairSchema, size);
  require(schemaRefusal(answer).empty(), "a repaired schema is taken", json::dump(answer));
  const Value parameters = repaired(schema, repairParameters, size);
  require(parametersRefusal(parameters).empty(), "repaired parameters are taken",
          json::dump(parameters));
}

}  // namespace

void trySchema(std::string_view input) {
  const auto schema = json::parse(input);
  if (!schema) return;
  checkCleaned(translation::cleanSchema(*schema));
  if (!schema->is_object()) return;
  checkCleaned(translation::cleanParameters(*schema));
  checkRepaired(*schema, input.size());
}

}  // namespace rondo::fuzz
