#include "openai/chat_response.h"

#include "json/writer.h"
#include "openai/message_writer.h"

namespace rondo::openai {
namespace {

void writeHead(json::Writer& writer, const ResponseHead& head, std::string_view object) {
  writer.key("id").string(head.id);
  writer.key("object").string(object);
  writer.key("created").integer(head.created);
  writer.key("model").string(head.model);
}

// No text is null beside calls or images, and empty where nothing else is said either.
void writeContent(json::Writer& writer, const MessageDelta& message) {
  writer.key("content");
  if (message.content.empty() && (!message.calls.empty() || !message.images.empty())) {
    writer.null();
  } else {
    writer.string(message.content.view());
  }
}

void writeChoice(json::Writer& writer, const Choice& choice, CallStyle style) {
  writer.beginObject();
  writer.key("index").integer(choice.index).key("message").beginObject();
  writer.key("role").string("assistant");
  writeContent(writer, choice.message);
  writer.key("refusal");
  if (choice.message.refusal.empty()) {
    writer.null();
  } else {
    writer.string(choice.message.refusal.view());
  }
  writeExtras(writer, choice.message);
  writeCalls(writer, choice.message.calls, style, CallIndex::Omitted);
  writer.endObject();
  writeLogprobs(writer.key("logprobs"), choice.message.logprobs);
  writer.key("finish_reason").string(finishWord(choice.finish));
  writer.endObject();
}

}  // namespace

std::string completionBody(const ResponseHead& head, const std::vector<Choice>& choices,
                           const std::optional<TokenUsage>& usage, CallStyle style) {
  std::string body;
  json::Writer writer(body);
  writer.beginObject();
  writeHead(writer, head, "chat.completion");
  writer.key("choices").beginArray();
  for (const Choice& choice : choices) writeChoice(writer, choice, style);
  writer.endArray();
  if (usage) writeUsage(writer.key("usage"), *usage);
  writer.endObject();
  return body;
}

ChunkWriter::ChunkWriter(const ResponseHead& head, Usage usage, CallStyle style)
    : head_("data: "), usage_(usage), style_(style) {
  json::Writer writer(head_);
  writer.beginObject();
  writeHead(writer, head, "chat.completion.chunk");
  begin(contentBegin_, 0);
  reasoningBegin_ = contentBegin_;
  contentBegin_ += R"({"content":")";
  reasoningBegin_ += R"({"reasoning_content":")";
  textEnd_ = R"("},"logprobs":null)";
  end(textEnd_, {});
}

void ChunkWriter::begin(std::string& out, int choice) const {
  out += head_;
  out += R"(,"choices":[{"index":)";
  out += std::to_string(choice);
  out += R"(,"delta":)";
}

void ChunkWriter::end(std::string& out, std::string_view finish) const {
  out += R"(,"finish_reason":)";
  if (finish.empty()) {
    out += "null";
  } else {
    json::appendQuoted(out, finish);
  }
  out += usage_ == Usage::Included ? "}],\"usage\":null}\n\n" : "}]}\n\n";
}

void ChunkWriter::appendRole(std::string& out, int choice) const {
  begin(out, choice);
  out += R"({"role":"assistant","content":""},"logprobs":null)";
  end(out, {});
}

void ChunkWriter::appendDelta(std::string& out, int choice, const MessageDelta& delta) const {
  begin(out, choice);
  json::Writer writer(out);
  writer.beginObject();
  if (!delta.content.empty()) writer.key("content").string(delta.content.view());
  if (!delta.refusal.empty()) writer.key("refusal").string(delta.refusal.view());
  writeExtras(writer, delta);
  writeCalls(writer, delta.calls, style_, CallIndex::Written);
  writer.endObject();
  writeLogprobs(writer.key("logprobs"), delta.logprobs);
  end(out, {});
}

void ChunkWriter::appendText(std::string& out, TextField field, const json::Text& text) const {
  out += field == TextField::Content ? contentBegin_ : reasoningBegin_;
  text.appendTo(out);
  out += textEnd_;
}

void ChunkWriter::appendFinish(std::string& out, int choice, FinishReason reason) const {
  begin(out, choice);
  out += R"({},"logprobs":null)";
  end(out, finishWord(reason));
}

void ChunkWriter::appendUsage(std::string& out, const TokenUsage& usage) const {
  if (usage_ == Usage::Omitted) return;
  out += head_;
  out += R"(,"choices":[],"usage":)";
  json::Writer writer(out);
  writeUsage(writer, usage);
  out += "}\n\n";
}

void ChunkWriter::appendDone(std::string& out) const { out += "data: [DONE]\n\n"; }

}  // namespace rondo::openai
