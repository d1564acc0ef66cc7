#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "conversation/request.h"
#include "json/writer.h"
#include "translation/request_body.h"
#include "translation/tool_names.h"

// The pieces of a generateContent body, and what their writers share.

namespace rondo::translation {

// The words for `x-rondo-adjusted`, each once.
using Adjusted = std::set<std::string, std::less<>>;

// All that the writers look at, and where they note what they made use of. Borrows.
struct BodyContext {
  const conversation::Request& request;
  const RequestTarget& target;
  const ToolNames& names;
  google::Uses& uses;

  void use(google::Feature feature) const { uses.features.insert(feature); }
};

// `contents` and `systemInstruction`. `instruction` is added to what the client's own system
// messages say, when it is not empty.
// BadRequest for media that can't be read.
Result<void> writeContents(json::Writer& writer, const BodyContext& context,
                           std::string_view instruction, Adjusted& adjusted);

// The members `tools` and `toolConfig`, or nothing when the client has no tools.
void writeTools(json::Writer& writer, const BodyContext& context, Adjusted& adjusted);

// How an answer in JSON is demanded. Models before Gemini 3 take no response type beside functions;
// there the demand is put into words.
enum class JsonDemand { None, ByField, ByInstruction };

JsonDemand jsonDemand(const BodyContext& context);

// The words for ByInstruction; empty otherwise.
std::string jsonInstruction(const BodyContext& context);

// Why the target can't do what is ordered, with Google's field as `param`.
std::optional<Error> orderFault(const BodyContext& context);

// Of generationConfig: what an order of an image, a speech or a transcript takes.
void writeOrder(json::Writer& writer, const BodyContext& context, Adjusted& adjusted);

// What a general model must be told to write a transcript; empty for all else.
std::string orderInstruction(const BodyContext& context);

// The member `generationConfig`, or nothing when the client set nothing.
void writeGenerationConfig(json::Writer& writer, const BodyContext& context, Adjusted& adjusted);

// thinkingConfig, from whichever of these the client used: Google's extras, a suffix of the model's
// name, reasoning_effort, in this order. Nothing is written when the client asked for nothing.
void writeThinkingConfig(json::Writer& writer, const BodyContext& context, Adjusted& adjusted);

}  // namespace rondo::translation
