#include "anthropic/message_events.h"

#include "anthropic/message_pieces.h"

namespace rondo::anthropic {

void beginEvent(std::string& out, std::string_view type) {
  out.append("event: ").append(type).append("\ndata: {\"type\":\"").append(type).append("\"");
}

void MessageEvents::begin(std::string_view block) {
  beginEvent(*out_, "content_block_start");
  out_->append(",\"index\":").append(std::to_string(index_));
  out_->append(",\"content_block\":").append(block).append("}\n\n");
}

void MessageEvents::beginDelta(std::string& out, std::string_view type,
                               std::string_view field) const {
  beginEvent(out, "content_block_delta");
  out.append(",\"index\":").append(std::to_string(index_));
  out.append(R"(,"delta":{"type":")").append(type).append("\",\"").append(field).append("\":");
}

void MessageEvents::textDelta(const json::Text& text) {
  *out_ += textBegin_;
  text.appendTo(*out_);
  *out_ += "\"}}\n\n";
}

void MessageEvents::beginText() {
  begin(R"({"type":"text","text":"","citations":null})");
  textBegin_.clear();
  beginDelta(textBegin_, "text_delta", "text");
  textBegin_ += '"';
}

void MessageEvents::beginThinking() {
  begin(R"({"type":"thinking","thinking":"","signature":""})");
  textBegin_.clear();
  beginDelta(textBegin_, "thinking_delta", "thinking");
  textBegin_ += '"';
}

void MessageEvents::cite(const conversation::Citation& citation) {
  beginDelta(*out_, "citations_delta", "citation");
  json::Writer writer(*out_);
  writeCitation(writer, citation);
  *out_ += "}}\n\n";
}

void MessageEvents::sign(std::string_view signature) {
  beginDelta(*out_, "signature_delta", "signature");
  json::appendQuoted(*out_, signature);
  *out_ += "}}\n\n";
}

void MessageEvents::end() {
  beginEvent(*out_, "content_block_stop");
  out_->append(",\"index\":").append(std::to_string(index_)).append("}\n\n");
  ++index_;
}

// The input comes in one delta.
void MessageEvents::use(const ToolUse& tool) {
  std::string block;
  json::Writer writer(block);
  writeToolUse(writer, tool, "{}");
  begin(block);
  beginDelta(*out_, "input_json_delta", "partial_json");
  json::appendQuoted(*out_, tool.input);
  *out_ += "}}\n\n";
  end();
}

void MessageEvents::result(std::string_view block) {
  begin(block);
  end();
}

}  // namespace rondo::anthropic
