#pragma once

#include "json/writer.h"
#include "translation/body_context.h"

namespace rondo::translation {

// The members `tools` and `toolConfig`, or nothing when the client has no tools.
void writeTools(json::Writer& writer, const BodyContext& context, Adjusted& adjusted);

}  // namespace rondo::translation
