#include <algorithm>
#include <initializer_list>
#include <limits>
#include <string_view>
#include <utility>

#include "json/writer.h"
#include "openai/metadata.h"
#include "openai/responses_request_parts.h"

namespace rondo::openai {
namespace {

using conversation::Request;
using conversation::ResponseKind;

constexpr std::int64_t kMaxTokens = std::numeric_limits<std::int32_t>::max();

void readFormat(FieldReader& text, Request& request, Faults& faults) {
  const json::Node holder = text.any("format");
  const Path path = text.at("format");
  if (!holder) return;
  FieldReader format(holder, path, faults);
  const std::string type = format.requiredString("type");
  auto& [kind, schema] = request.responseFormat;
  if (type == "json_object") {
    kind = ResponseKind::JsonObject;
  } else if (type == "json_schema") {
    kind = ResponseKind::JsonSchema;
    schema = format.ownObject("schema");
    if (!schema) faults.missing(format.at("schema"));
  } else if (type != "text") {
    faults.unknownValue(format.at("type"), type, {"text", "json_object", "json_schema"});
  }
}

void readText(FieldReader& body, Request& request, Faults& faults) {
  const Path path = body.at("text");
  const json::Node holder = body.any("text");
  if (!holder) return;
  FieldReader text(holder, path, faults);
  readFormat(text, request, faults);
}

// Thoughts are told to whoever asks for a summary. Whoever asks for an effort alone wants none.
void readReasoning(FieldReader& body, Request& request, Faults& faults) {
  const Path path = body.at("reasoning");
  const json::Node holder = body.any("reasoning");
  if (!holder) return;
  FieldReader reasoning(holder, path, faults);
  auto& thinking = request.thinking;
  thinking.effort = readEffort(reasoning, "effort", faults);
  // The latter is the older name.
  const bool asksSummary =
      !reasoning.text("summary").empty() || !reasoning.text("generate_summary").empty();
  if (asksSummary) {
    thinking.includeThoughts = true;
  } else if (thinking.effort) {
    thinking.includeThoughts = false;
  }
}

Detail asked(bool isThere) { return isThere ? Detail::Included : Detail::Omitted; }

// Whether the list at `include` has the word.
bool includes(json::Node list, std::string_view word) {
  for (const json::Node each : list.elements()) {
    if (each.text() == word) return true;
  }
  return false;
}

// A word of OpenAI's ResponseIncludable. What the models have nothing of is included in vain.
void checkIncludable(json::Node word, const Path& path, Faults& faults) {
  const std::initializer_list<std::string_view> includable = {
      "file_search_call.results",
      "web_search_call.results",
      "web_search_call.action.sources",
      "message.input_image.image_url",
      "computer_call_output.output.image_url",
      "code_interpreter_call.outputs",
      "reasoning.encrypted_content",
      "message.output_text.logprobs",
  };
  if (!word.isString()) return faults.wrongType(path, "a string", word);
  const bool isKnown = std::ranges::any_of(
      includable, [word](std::string_view each) { return word.text() == each; });
  if (!isKnown) faults.unknownValue(path, word.string(), includable);
}

void readInclude(FieldReader& body, ResponsesRequest& responses, Faults& faults) {
  const json::Node list = body.array("include");
  const Path path = body.at("include");
  for (std::size_t i = 0; const json::Node each : list.elements()) {
    checkIncludable(each, Path(path, i), faults);
    ++i;
  }
  const bool storesNothing = !body.boolean("store").value_or(true);
  ResponsesStyle& style = responses.style;
  const bool isCreated = style.call == ResponsesCall::Create;
  if (style.storing == Storing::Denied && !storesNothing && isCreated) {
    responses.request.adjusted.emplace_back("store");
  }
  // What is stored of a response is what it tells: its signatures and what its code printed are to
  // be there.
  const bool comesBack = storesNothing || style.storing == Storing::On ||
                         includes(list, "reasoning.encrypted_content");
  if (comesBack) style.bareReasoning = BareReasoning::Told;
  style.searchSources = asked(includes(list, "web_search_call.action.sources"));
  style.codeOutputs = asked(comesBack || includes(list, "code_interpreter_call.outputs"));
  responses.request.logprobs = includes(list, "message.output_text.logprobs");
}

void readSampling(FieldReader& body, Request& request) {
  request.maxTokens = body.integer("max_output_tokens", 1, kMaxTokens);
  request.temperature = body.number("temperature", 0, 2);
  request.topP = body.number("top_p", 0, 1);
  const auto alternatives = body.integer("top_logprobs", 0, 20);
  if (request.logprobs) request.topLogprobs = alternatives;
}

// A prompt that is only to be cached would be answered here, and the answer paid for. A context
// that is to be cut when it grows long stays as it is.
void readUpkeep(FieldReader& body, Request& request, Faults& faults) {
  const Path path = body.at("prompt_cache_options");
  if (const json::Node holder = body.object("prompt_cache_options")) {
    FieldReader options(holder, path, faults);
    if (options.boolean("prewarm").value_or(false)) {
      faults.report(badRequest(
          "'prompt_cache_options.prewarm' is not supported: no cache is filled without an answer.",
          options.at("prewarm").text(), "unsupported_parameter"));
    }
  }
  if (body.any("context_management").hasElements()) {
    request.adjusted.emplace_back("context_management");
  }
}

// Fields that change nothing here, but have a type.
void checkOthers(FieldReader& body, Faults& faults) {
  body.integer("max_tool_calls", 1, kMaxTokens);
  body.string("truncation");
  if (const json::Node metadata = body.object("metadata")) {
    if (auto fault = metadataFault(metadata)) faults.report(std::move(*fault));
  }
  body.object("stream_options");
}

}  // namespace

void readResponsesSettings(FieldReader& body, ResponsesRequest& responses, Faults& faults) {
  Request& request = responses.request;
  const bool streams = body.boolean("stream").value_or(false);
  if (streams && responses.style.call == ResponsesCall::Create) {
    request.stream = conversation::Streaming::On;
  }
  readInclude(body, responses, faults);
  readSampling(body, request);
  readReasoning(body, request, faults);
  readText(body, request, faults);
  readExtras(body, request, faults);
  if (request.thinking.budget) responses.style.thinking = "thinking_budget";
  request.serviceTier = body.string("service_tier");
  request.conversationKey = body.string("prompt_cache_key");
  request.user = body.string("user");
  const std::string safetyIdentifier = body.string("safety_identifier");
  if (request.user.empty()) request.user = safetyIdentifier;
  readUpkeep(body, request, faults);
  checkOthers(body, faults);
}

}  // namespace rondo::openai
