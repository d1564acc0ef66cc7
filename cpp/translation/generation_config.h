#pragma once

#include "json/writer.h"
#include "translation/body_context.h"

namespace rondo::translation {

// How an answer in JSON is demanded. Models before Gemini 3 take no response type beside functions;
// there the demand is put into words.
enum class JsonDemand { None, ByField, ByInstruction };

JsonDemand jsonDemand(const BodyContext& context);

// The words for ByInstruction; empty otherwise.
std::string jsonInstruction(const BodyContext& context);

// The member `generationConfig`, or nothing when the client set nothing.
void writeGenerationConfig(json::Writer& writer, const BodyContext& context, Adjusted& adjusted);

}  // namespace rondo::translation
