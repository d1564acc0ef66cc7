#include "openai/message_writer.h"

#include <utility>

namespace rondo::openai {
namespace {

using conversation::Call;
using conversation::Citation;
using conversation::FinishReason;
using conversation::Image;
using conversation::TokenScore;
using conversation::ToolKind;
using conversation::Usage;

void writeSignature(json::Writer& writer, std::string_view signature) {
  if (signature.empty()) return;
  writer.key("extra_content").beginObject().key("google").beginObject();
  writer.key("thought_signature").string(signature);
  writer.endObject().endObject();
}

void writeFunction(json::Writer& writer, const Call& call) {
  writer.beginObject();
  writer.key("name").string(call.name);
  writer.key("arguments").string(call.arguments);
  writer.endObject();
}

void writeCall(json::Writer& writer, const Call& call, std::optional<int> index) {
  writer.beginObject();
  if (index) writer.key("index").integer(*index);
  writer.key("id").string(call.id);
  if (call.kind == ToolKind::Custom) {
    writer.key("type").string("custom").key("custom").beginObject();
    writer.key("name").string(call.name).key("input").string(call.arguments);
    writer.endObject();
  } else {
    writeFunction(writer.key("type").string("function").key("function"), call);
  }
  writeSignature(writer, call.signature.value);
  writer.endObject();
}

void writeImage(json::Writer& writer, const Image& image, int index) {
  writer.beginObject();
  writer.key("type").string("image_url").key("index").integer(index);
  writer.key("image_url").beginObject().key("url").string(image.url).endObject();
  writeSignature(writer, image.signature);
  writer.endObject();
}

void writeAnnotation(json::Writer& writer, const Citation& citation) {
  writer.beginObject().key("type").string("url_citation").key("url_citation").beginObject();
  writer.key("start_index").integer(citation.start).key("end_index").integer(citation.end);
  writer.key("url").string(citation.url).key("title").string(citation.title);
  writer.endObject().endObject();
}

void writeToken(json::Writer& writer, const TokenScore& token) {
  writer.key("token").string(token.token).key("logprob").number(token.logprob);
  writer.key("bytes").beginArray();
  for (const char c : token.token) writer.integer(static_cast<unsigned char>(c));
  writer.endArray();
}

// Adds what an event holds.
struct Adder {
  MessageDelta& to;

  void operator()(conversation::TextPiece& piece) const {
    to.content.append(std::move(piece.text));
  }
  void operator()(conversation::ThoughtPiece& piece) const {
    to.reasoning.append(std::move(piece.text));
  }
  void operator()(conversation::Signature& signature) const {
    to.signature = std::move(signature.value);
  }
  void operator()(Call& call) const { to.calls.push_back(std::move(call)); }
  void operator()(Image& image) const { to.images.push_back(std::move(image)); }
  void operator()(Citation& citation) const { to.annotations.push_back(std::move(citation)); }
  void operator()(conversation::Sound& sound) const { to.sounds.push_back(std::move(sound)); }
  void operator()(TokenScore& score) const { to.logprobs.push_back(std::move(score)); }
  // Inline, which chats are, tells nothing of these.
  void operator()(conversation::WebSearch&) const {}
  void operator()(conversation::CodeRun&) const {}
  void operator()(conversation::CodeOutput&) const {}
  void operator()(conversation::HostedPart&) const {}
  // Nobody asks for these here.
  void operator()(conversation::Utterance&) const {}
  void operator()(conversation::Finish&) const {}
};

}  // namespace

void MessageDelta::add(conversation::Event event) { std::visit(Adder{*this}, event.what); }

std::string_view finishWord(FinishReason reason, CallStyle style) {
  switch (reason) {
    case FinishReason::Stop: break;
    case FinishReason::Length: return "length";
    case FinishReason::Calls: return style == CallStyle::Tools ? "tool_calls" : "function_call";
    case FinishReason::Filtered: return "content_filter";
  }
  return "stop";
}

void writeCalls(json::Writer& writer, const std::vector<Call>& calls, CallStyle style,
                std::optional<int> firstIndex) {
  if (calls.empty()) return;
  if (style == CallStyle::Functions) {
    writeFunction(writer.key("function_call"), calls.front());
    return;
  }
  writer.key("tool_calls").beginArray();
  for (const Call& call : calls) {
    writeCall(writer, call, firstIndex);
    if (firstIndex) ++*firstIndex;
  }
  writer.endArray();
}

void writeExtras(json::Writer& writer, const MessageDelta& message, int firstImage) {
  if (!message.reasoning.empty()) {
    writer.key("reasoning_content").string(message.reasoning.view());
  }
  if (!message.images.empty()) {
    writer.key("images").beginArray();
    for (const Image& image : message.images) writeImage(writer, image, firstImage++);
    writer.endArray();
  }
  if (!message.annotations.empty()) {
    writer.key("annotations").beginArray();
    for (const Citation& citation : message.annotations) writeAnnotation(writer, citation);
    writer.endArray();
  }
  writeSignature(writer, message.signature);
}

void writeScores(json::Writer& writer, const std::vector<TokenScore>& tokens) {
  writer.beginArray();
  for (const TokenScore& token : tokens) {
    writeToken(writer.beginObject(), token);
    writer.key("top_logprobs").beginArray();
    for (const TokenScore& other : token.alternatives) {
      writeToken(writer.beginObject(), other);
      writer.endObject();
    }
    writer.endArray().endObject();
  }
  writer.endArray();
}

void writeLogprobs(json::Writer& writer, const std::vector<TokenScore>& tokens) {
  if (tokens.empty()) {
    writer.null();
    return;
  }
  writer.beginObject();
  writeScores(writer.key("content"), tokens);
  writer.key("refusal").null().endObject();
}

void writeUsage(json::Writer& writer, const Usage& usage) {
  writer.beginObject();
  writer.key("prompt_tokens").integer(usage.prompt);
  writer.key("completion_tokens").integer(usage.completion);
  writer.key("total_tokens").integer(usage.total);
  writer.key("prompt_tokens_details").beginObject();
  writer.key("cached_tokens").integer(usage.cached);
  writer.key("audio_tokens").integer(usage.promptAudio);
  writer.endObject();
  writer.key("completion_tokens_details").beginObject();
  writer.key("reasoning_tokens").integer(usage.reasoning);
  writer.key("audio_tokens").integer(usage.completionAudio);
  writer.key("accepted_prediction_tokens").integer(0);
  writer.key("rejected_prediction_tokens").integer(0);
  writer.endObject().endObject();
}

}  // namespace rondo::openai
