#pragma once

#include "json/writer.h"
#include "translation/body_context.h"

namespace rondo::translation {

// thinkingConfig, from whichever of these the client used: Google's extras, a suffix of the model's
// name, reasoning_effort, in this order. Nothing is written when the client asked for nothing.
void writeThinkingConfig(json::Writer& writer, const BodyContext& context, Adjusted& adjusted);

}  // namespace rondo::translation
