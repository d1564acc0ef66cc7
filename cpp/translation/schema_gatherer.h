#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "translation/schema_node.h"
#include "translation/schema_refs.h"

namespace rondo::translation {

// Gathers what a schema says about a value, together with all that it refers to and is joined with.
// Its work is bounded, however often references lead to the same place. Borrows the schema.
class SchemaGatherer {
 public:
  explicit SchemaGatherer(const json::Value& root) : references_(root) {}

  // Adds to `node` what `source`, the targets of its `$ref` and the members of its `allOf` say. A
  // reference that leads back into what it is part of, or nowhere, is cut with a note.
  void take(const json::Value& source, SchemaNode& node) { take(source, node, 0); }

  // A map from names to schemas in place of a schema.
  void takeBareMap(const json::Value& map, SchemaNode& node);

  // The bound is reached: what is taken from now on is noted as too complex.
  bool isExhausted() const;

  // References that were followed since `mark` may be followed again after `release`.
  std::size_t mark() const { return open_.size(); }
  void release(std::size_t mark) { open_.resize(mark); }

 private:
  bool visit(const json::Value& source);
  void take(const json::Value& source, SchemaNode& node, std::size_t steps);
  void follow(std::string_view reference, SchemaNode& node, std::size_t steps);

  SchemaReferences references_;
  std::vector<const json::Value*> open_;  // What references lead to that the node is inside of.
  std::size_t visits_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace rondo::translation
