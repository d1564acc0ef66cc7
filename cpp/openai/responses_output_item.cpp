#include "openai/responses_output_item.h"

#include "openai/message_writer.h"
#include "openai/responses_client_tools.h"

namespace rondo::openai {
namespace {

std::string_view callPrefix(CallItem item) {
  switch (item) {
    case CallItem::Function: break;
    case CallItem::Custom: return "ctc_";
    case CallItem::ToolSearch: return "tsc_";
    case CallItem::LocalShell: return "lsh_";
    case CallItem::Shell: return "sh_";
    case CallItem::ApplyPatch: return "apc_";
  }
  return "fc_";
}

struct Prefix {
  std::string_view operator()(const ReasoningItem&) const { return "rs_"; }
  std::string_view operator()(const MessageItem&) const { return "msg_"; }
  std::string_view operator()(const CallItemOf& call) const { return callPrefix(call.tool.item); }
  std::string_view operator()(const SearchItem&) const { return "ws_"; }
  std::string_view operator()(const CodeItem&) const { return "ci_"; }
  std::string_view operator()(const ImageItem&) const { return "ig_"; }
};

std::string_view callType(CallItem item) {
  switch (item) {
    case CallItem::Function: break;
    case CallItem::Custom: return "custom_tool_call";
    case CallItem::ToolSearch: return "tool_search_call";
    case CallItem::LocalShell: return "local_shell_call";
    case CallItem::Shell: return "shell_call";
    case CallItem::ApplyPatch: return "apply_patch_call";
  }
  return "function_call";
}

// "data:image/png;base64" before the comma.
std::string_view dataHead(std::string_view url) {
  return url.starts_with("data:") ? url.substr(0, url.find(',')) : std::string_view();
}

// "png" of "data:image/png;base64".
std::string_view outputFormat(std::string_view url) {
  constexpr std::string_view kBegin = "data:image/";
  std::string_view head = dataHead(url);
  if (!head.starts_with(kBegin)) return "png";
  head.remove_prefix(kBegin.size());
  return head.substr(0, head.find_first_of(";,"));
}

class ItemWriter {
 public:
  ItemWriter(json::Writer& writer, const OutputItem& item, const ResponsesStyle& style)
      : writer_(writer), item_(item), style_(style) {}

  void operator()(const ReasoningItem& reasoning) const {
    type("reasoning");
    writer_.key("summary").beginArray();
    if (isTold() && !reasoning.summary.empty()) writeSummaryPart(writer_, reasoning.summary.view());
    writer_.endArray();
    if (!reasoning.encrypted.empty()) {
      writer_.key("encrypted_content").string(reasoning.encrypted);
    }
  }

  void operator()(const MessageItem& message) const {
    type("message");
    status();
    writer_.key("role").string("assistant").key("content").beginArray();
    if (isTold()) writePart(writer_, message);
    writer_.endArray();
  }

  void operator()(const CallItemOf& made) const {
    const auto& [call, tool] = made;
    type(callType(tool.item));
    status();
    writer_.key("call_id").string(call.id);
    if (tool.item == CallItem::Function) {
      name(tool);
      writer_.key("arguments").string(isTold() ? std::string_view(call.arguments) : "");
    } else if (tool.item == CallItem::Custom) {
      name(tool);
      writer_.key("input").string(isTold() ? std::string_view(call.arguments) : "");
    } else {
      writeAction(writer_, tool.item, call.arguments);
    }
  }

  void operator()(const SearchItem& item) const {
    type("web_search_call");
    status();
    const auto& [queries, sources] = item.search;
    writer_.key("action").beginObject().key("type").string("search");
    writer_.key("query").string(queries.empty() ? std::string_view() : queries.front());
    writer_.key("queries").beginArray();
    for (const std::string& query : queries) writer_.string(query);
    writer_.endArray();
    if (style_.searchSources == Detail::Included) {
      writer_.key("sources").beginArray();
      for (const auto& source : sources) {
        writer_.beginObject().key("type").string("url").key("url").string(source.url).endObject();
      }
      writer_.endArray();
    }
    writer_.endObject();
  }

  void operator()(const CodeItem& item) const {
    type("code_interpreter_call");
    const bool hasFailed = item.output && item.output->outcome == conversation::ToolOutcome::Failed;
    if (isTold() && hasFailed) {
      writer_.key("status").string("failed");
    } else {
      status();
    }
    writer_.key("code").string(isTold() ? std::string_view(item.code) : "");
    writer_.key("container_id").string("cntr_" + item_.id);
    writer_.key("outputs");
    if (!isTold() || style_.codeOutputs == Detail::Omitted) {
      writer_.null();
      return;
    }
    writer_.beginArray();
    if (item.output) {
      writer_.beginObject().key("type").string("logs").key("logs").string(item.output->text);
      writer_.endObject();
    }
    writer_.endArray();
  }

  void operator()(const ImageItem& image) const {
    type("image_generation_call");
    status();
    writer_.key("result");
    if (isTold()) {
      writer_.string(imageResult(image));
    } else {
      writer_.null();
    }
    writer_.key("output_format").string(outputFormat(image.url));
  }

 private:
  bool isTold() const { return item_.status != ItemStatus::InProgress; }

  void type(std::string_view word) const {
    writer_.key("id").string(item_.id).key("type").string(word);
  }

  void status() const {
    writer_.key("status");
    switch (item_.status) {
      case ItemStatus::InProgress: writer_.string("in_progress"); return;
      case ItemStatus::Completed: writer_.string("completed"); return;
      case ItemStatus::Incomplete: writer_.string("incomplete"); return;
    }
  }

  void name(const ToolAddress& tool) const {
    if (!tool.space.empty()) writer_.key("namespace").string(tool.space);
    writer_.key("name").string(tool.name);
  }

  json::Writer& writer_;
  const OutputItem& item_;
  const ResponsesStyle& style_;
};

void writeText(json::Writer& writer, const json::Text& text,
               const std::vector<conversation::Citation>& annotations,
               const std::vector<conversation::TokenScore>& logprobs) {
  writer.beginObject().key("type").string("output_text").key("text").string(text);
  writer.key("annotations").beginArray();
  for (const auto& citation : annotations) writeUrlCitation(writer, citation);
  writer.endArray();
  writeScores(writer.key("logprobs"), logprobs);
  writer.endObject();
}

void writeRefusal(json::Writer& writer, std::string_view refusal) {
  writer.beginObject().key("type").string("refusal").key("refusal").string(refusal).endObject();
}

}  // namespace

std::string_view idPrefix(const OutputItem& item) { return std::visit(Prefix(), item.what); }

void writeItem(json::Writer& writer, const OutputItem& item, const ResponsesStyle& style) {
  writer.beginObject();
  std::visit(ItemWriter(writer, item, style), item.what);
  writer.endObject();
}

void writePart(json::Writer& writer, const MessageItem& message) {
  if (message.refusal.empty()) {
    writeText(writer, message.text.view(), message.annotations, message.logprobs);
  } else {
    writeRefusal(writer, message.refusal);
  }
}

void writeEmptyPart(json::Writer& writer, const MessageItem& message) {
  if (message.refusal.empty()) {
    writeText(writer, {}, {}, {});
  } else {
    writeRefusal(writer, {});
  }
}

void writeSummaryPart(json::Writer& writer, const json::Text& text) {
  writer.beginObject().key("type").string("summary_text").key("text").string(text).endObject();
}

void writeUrlCitation(json::Writer& writer, const conversation::Citation& citation) {
  writer.beginObject().key("type").string("url_citation");
  writer.key("start_index").integer(citation.start).key("end_index").integer(citation.end);
  writer.key("url").string(citation.url).key("title").string(citation.title);
  writer.endObject();
}

std::string_view imageResult(const ImageItem& image) {
  const std::string_view head = dataHead(image.url);
  return head.empty() ? std::string_view(image.url)
                      : std::string_view(image.url).substr(head.size() + 1);
}

}  // namespace rondo::openai
