#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace rondo::translation {

class SchemaNode;

// What `node` demands that Google's Schema has no word for, as one sentence for its description:
// "Constraints: multipleOf: 5; uniqueItems: true." Empty when there is nothing.
std::string lostConstraints(const SchemaNode& node);

// The same for one keyword; empty when its value is too long to be told.
std::string lostConstraint(std::string_view key, const json::Value& value);

// The names that an alternative requires: "path, mode". Empty when it requires none.
std::string demandOf(const json::Value& alternative);

// The alternatives of a union that is no union any more: "One of: path; url." Empty for fewer than
// two. Long lists are cut.
std::string oneOf(const std::vector<std::string>& options);

// Whether it is a type of JSON Schema's, in whichever case. "any" and "date" are not.
bool isKnownType(std::string_view type);

// Whether Google's Schema knows this `format` for this type ("STRING", "INTEGER" …).
bool isKnownFormat(std::string_view type, std::string_view format);

// Two texts with a blank between them; either may be empty.
std::string joinSentences(std::string first, std::string_view second);

}  // namespace rondo::translation
