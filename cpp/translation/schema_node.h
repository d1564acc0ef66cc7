#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/value.h"

namespace rondo::translation {

// What a schema, the ones it refers to and the ones it is joined with say about one value. Shallow:
// it points into the documents it was made of, which must outlive it. What was said first holds.
class SchemaNode {
 public:
  using Property = std::pair<std::string_view, const json::Value*>;

  // Takes in the members of `schema`, `$ref`, `allOf` and conditions apart.
  void add(const json::Value& schema);
  // Takes in properties, none of them required.
  void addProperties(const json::Value& schema);
  // Takes in what stands beside a union that this is an alternative of: texts and limits.
  void addSiblings(const SchemaNode& parent);
  // The same for a union that turned out to have this one alternative.
  void addParent(const SchemaNode& parent);
  // A map from names to schemas in place of a schema.
  void addBareProperties(const json::Value& map);
  void addNote(std::string_view sentence);

  // All but properties, `required` and alternatives.
  const std::map<std::string_view, const json::Value*>& keywords() const { return keywords_; }
  // Null when absent.
  const json::Value* find(std::string_view keyword) const;
  std::string_view text(std::string_view keyword) const;

  bool hasProperties() const { return hasProperties_; }
  const std::vector<Property>& properties() const { return properties_; }
  bool isRequired(const Property& property) const;
  // All names that are demanded, whether there are such properties or not.
  const std::set<std::string_view>& required() const { return required_; }

  std::vector<const json::Value*>& alternatives() { return alternatives_; }

  // What description and notes say together.
  std::string description() const;

  // The one type this is about, where the schema names several.
  void setType(std::string_view type) { type_ = type; }
  // As the schema spells it, else what its keywords suggest, else empty.
  std::string_view type() const;

 private:
  std::map<std::string_view, const json::Value*> keywords_;
  std::vector<Property> properties_;
  std::set<std::string_view> names_;  // Of the properties.
  std::set<std::string_view> required_;
  std::vector<const json::Value*> alternatives_;
  std::string notes_;
  std::string_view type_;
  bool hasProperties_ = false;
};

// Whether a schema allows null alone.
bool isNullSchema(const json::Value& schema);

}  // namespace rondo::translation
