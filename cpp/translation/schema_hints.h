#pragma once

#include <string>

#include "json/value.h"

namespace rondo::translation {

class SchemaNode;

// What `node` demands that Google's Schema has no word for, as one sentence for its description:
// "Constraints: multipleOf: 5; uniqueItems: true." Empty when there is nothing.
std::string lostConstraints(const SchemaNode& node);

// Whether it is a type of JSON Schema's, in whichever case. "any" and "date" are not.
bool isKnownType(std::string_view type);

// Whether Google's Schema knows this `format` for this type ("STRING", "INTEGER" …).
bool isKnownFormat(std::string_view type, std::string_view format);

// Two texts with a blank between them; either may be empty.
std::string joinSentences(std::string first, std::string_view second);

}  // namespace rondo::translation
