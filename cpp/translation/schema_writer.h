#pragma once

#include "json/writer.h"
#include "translation/request_body.h"

namespace rondo::translation {

// A function's parameters: the member `parametersJsonSchema`, or `parameters` with a cleaned schema
// for models that don't take JSON Schema. Nothing for a schema that demands nothing, since Google
// refuses an object without properties.
void writeParameters(json::Writer& writer, const json::Value& schema, const RequestTarget& target);

// The member `responseJsonSchema` or `responseSchema`.
void writeResponseSchema(json::Writer& writer, const json::Value& schema,
                         const RequestTarget& target);

}  // namespace rondo::translation
