#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "json/value.h"

namespace rondo::translation {

// What the references of one schema lead to. Borrows the schema.
class SchemaReferences {
 public:
  explicit SchemaReferences(const json::Value& root) : root_(root) {}

  // By JSON pointer ("#", "#/$defs/Node", RFC 6901), by `$anchor` or by `$id`. Null when it leads
  // nowhere in this schema; the web is never asked. So does whatever comes after some thousands of
  // different references, and a pointer of more than 64 steps.
  const json::Value* find(std::string_view reference);

 private:
  const json::Value* resolve(std::string_view reference);
  void index(const json::Value& schema);

  using Targets = std::map<std::string, const json::Value*, std::less<>>;

  const json::Value& root_;
  Targets found_;
  std::optional<Targets> names_;  // `$id`s, and `$anchor`s as "#name". Made when first asked for.
};

// The last word of a reference: "Node". One that is no name for its length is "value".
std::string referenceName(std::string_view reference);

}  // namespace rondo::translation
