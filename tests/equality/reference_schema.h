#pragma once

#include "equality/fields.h"

// What becomes of schemas, for those whose rules are few: objects with properties, of texts,
// numbers and booleans and of further objects, with `required`, `additionalProperties: true` or
// `false`, `description`, `minimum`, `default` and enums of texts. All else that production does to
// a schema (references, unions, joins, lists, loops, mending of what is odd) would need a second
// schema cleaner as large as the first: it isn't compared here, but held by hand-written pairs in
// tests/native/translation/schema_*_test.cpp, and by the judge of schema_refusal.h, which the
// fuzzer asks too.

namespace rondo::equality {

// Stands for a schema whose rules are not among those, known or left out.
inline constexpr const char* kOtherSchema = "(another schema)";

// Each gives null for a schema that is left out.
Value parametersJsonSchema(const Value& schema);
Value parametersSchema(const Value& schema);
Value answerJsonSchema(const Value& schema);
Value answerSchema(const Value& schema);

}  // namespace rondo::equality
