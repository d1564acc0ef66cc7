#include "anthropic/message_pieces.h"

#include <algorithm>

namespace rondo::anthropic {
namespace {

using conversation::FinishReason;
using conversation::Usage;
using json::Writer;

std::string_view stopWord(FinishReason reason) {
  switch (reason) {
    // Google doesn't tell a sequence that it has met from an end of its own.
    case FinishReason::Stop: break;
    case FinishReason::Length: return "max_tokens";
    case FinishReason::Calls: return "tool_use";
    case FinishReason::Filtered: return "refusal";
  }
  return "end_turn";
}

void writeCaller(Writer& writer) {
  writer.key("caller").beginObject().key("type").string("direct").endObject();
}

void writeServerTools(Writer& writer, std::int64_t searches) {
  writer.key("server_tool_use");
  if (searches == 0) {
    writer.null();
    return;
  }
  writer.beginObject().key("web_fetch_requests").integer(0);
  writer.key("web_search_requests").integer(searches).endObject();
}

}  // namespace

void writeHead(Writer& writer, const conversation::AnswerHead& head) {
  writer.key("id").string("msg_" + head.seed);
  writer.key("type").string("message").key("role").string("assistant");
  writer.key("model").string(head.model);
  writer.key("container").null().key("diagnostics").null();
}

void writeStop(Writer& writer, std::optional<FinishReason> reason) {
  writer.key("stop_reason");
  if (reason) {
    writer.string(stopWord(*reason));
  } else {
    writer.null();
  }
  writer.key("stop_sequence").null().key("stop_details");
  if (reason == FinishReason::Filtered) {
    writer.beginObject().key("type").string("refusal");
    writer.key("category").null().key("explanation").null().endObject();
  } else {
    writer.null();
  }
}

void writeUsage(Writer& writer, const Usage& usage, std::int64_t searches, UsageOf where) {
  writer.beginObject();
  writer.key("input_tokens").integer(std::max<std::int64_t>(0, usage.prompt - usage.cached));
  writer.key("cache_creation_input_tokens").integer(0);
  writer.key("cache_read_input_tokens").integer(usage.cached);
  writer.key("output_tokens").integer(usage.completion);
  writer.key("output_tokens_details").beginObject();
  writer.key("thinking_tokens").integer(usage.reasoning).endObject();
  writeServerTools(writer, searches);
  if (where == UsageOf::Message) {
    writer.key("cache_creation").beginObject().key("ephemeral_1h_input_tokens").integer(0);
    writer.key("ephemeral_5m_input_tokens").integer(0).endObject();
    writer.key("inference_geo").null().key("service_tier").null().key("speed").null();
  }
  writer.endObject();
}

void writeToolUse(Writer& writer, const ToolUse& tool, std::string_view input) {
  writer.beginObject().key("type").string(tool.type);
  writer.key("id").string(tool.id).key("name").string(tool.name);
  writer.key("input").raw(input);
  writeCaller(writer);
  writer.endObject();
}

// Google tells where a text comes from, but not the words that stand there.
void writeCitation(Writer& writer, const conversation::Citation& citation) {
  writer.beginObject().key("type").string("web_search_result_location");
  writer.key("url").string(citation.url).key("title").string(citation.title);
  writer.key("cited_text").string("").key("encrypted_index").string("").endObject();
}

void appendCodeResult(std::string& out, std::string_view toolUseId,
                      const conversation::CodeOutput& output) {
  const bool isGood = output.outcome == conversation::ToolOutcome::Ok;
  const std::string_view text = output.text;
  Writer writer(out);
  writer.beginObject().key("type").string("code_execution_tool_result");
  writer.key("tool_use_id").string(toolUseId).key("content").beginObject();
  writer.key("type").string("code_execution_result");
  writer.key("stdout").string(isGood ? text : "").key("stderr").string(isGood ? "" : text);
  writer.key("return_code").integer(isGood ? 0 : 1);
  writer.key("content").beginArray().endArray().endObject().endObject();
}

void appendSearchResult(std::string& out, std::string_view toolUseId,
                        const std::vector<conversation::WebSource>& sources) {
  Writer writer(out);
  writer.beginObject().key("type").string("web_search_tool_result");
  writer.key("tool_use_id").string(toolUseId);
  writeCaller(writer);
  writer.key("content").beginArray();
  for (const auto& source : sources) {
    writer.beginObject().key("type").string("web_search_result");
    writer.key("url").string(source.url).key("title").string(source.title);
    writer.key("encrypted_content").string("").key("page_age").null().endObject();
  }
  writer.endArray().endObject();
}

}  // namespace rondo::anthropic
