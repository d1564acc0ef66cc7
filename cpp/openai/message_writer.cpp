#include "openai/message_writer.h"

namespace rondo::openai {
namespace {

void writeSignature(json::Writer& writer, std::string_view signature) {
  if (signature.empty()) return;
  writer.key("extra_content").beginObject().key("google").beginObject();
  writer.key("thought_signature").string(signature);
  writer.endObject().endObject();
}

void writeFunction(json::Writer& writer, const CallDelta& call) {
  writer.beginObject();
  writer.key("name").string(call.name);
  writer.key("arguments").string(call.arguments);
  writer.endObject();
}

void writeCall(json::Writer& writer, const CallDelta& call, CallIndex index) {
  writer.beginObject();
  if (index == CallIndex::Written) writer.key("index").integer(call.index);
  writer.key("id").string(call.id);
  if (call.kind == ToolKind::Custom) {
    writer.key("type").string("custom").key("custom").beginObject();
    writer.key("name").string(call.name).key("input").string(call.arguments);
    writer.endObject();
  } else {
    writeFunction(writer.key("type").string("function").key("function"), call);
  }
  writeSignature(writer, call.signature);
  writer.endObject();
}

void writeImage(json::Writer& writer, const ImageDelta& image) {
  writer.beginObject();
  writer.key("type").string("image_url").key("index").integer(image.index);
  writer.key("image_url").beginObject().key("url").string(image.url).endObject();
  writeSignature(writer, image.signature);
  writer.endObject();
}

void writeAnnotation(json::Writer& writer, const UrlCitation& citation) {
  writer.beginObject().key("type").string("url_citation").key("url_citation").beginObject();
  writer.key("start_index").integer(citation.start).key("end_index").integer(citation.end);
  writer.key("url").string(citation.url).key("title").string(citation.title);
  writer.endObject().endObject();
}

void writeToken(json::Writer& writer, const TokenLogprob& token) {
  writer.key("token").string(token.token).key("logprob").number(token.logprob);
  writer.key("bytes").beginArray();
  for (const char c : token.token) writer.integer(static_cast<unsigned char>(c));
  writer.endArray();
}

}  // namespace

std::string_view finishWord(FinishReason reason) {
  switch (reason) {
    case FinishReason::Stop: break;
    case FinishReason::Length: return "length";
    case FinishReason::ToolCalls: return "tool_calls";
    case FinishReason::ContentFilter: return "content_filter";
    case FinishReason::FunctionCall: return "function_call";
  }
  return "stop";
}

void writeCalls(json::Writer& writer, const std::vector<CallDelta>& calls, CallStyle style,
                CallIndex index) {
  if (calls.empty()) return;
  if (style == CallStyle::Functions) {
    writeFunction(writer.key("function_call"), calls.front());
    return;
  }
  writer.key("tool_calls").beginArray();
  for (const CallDelta& call : calls) writeCall(writer, call, index);
  writer.endArray();
}

void writeExtras(json::Writer& writer, const MessageDelta& message) {
  if (!message.reasoning.empty()) {
    writer.key("reasoning_content").string(message.reasoning.view());
  }
  if (!message.images.empty()) {
    writer.key("images").beginArray();
    for (const ImageDelta& image : message.images) writeImage(writer, image);
    writer.endArray();
  }
  if (!message.annotations.empty()) {
    writer.key("annotations").beginArray();
    for (const UrlCitation& citation : message.annotations) writeAnnotation(writer, citation);
    writer.endArray();
  }
  writeSignature(writer, message.signature);
}

void writeLogprobs(json::Writer& writer, const std::vector<TokenLogprob>& tokens) {
  if (tokens.empty()) {
    writer.null();
    return;
  }
  writer.beginObject().key("content").beginArray();
  for (const TokenLogprob& token : tokens) {
    writeToken(writer.beginObject(), token);
    writer.key("top_logprobs").beginArray();
    for (const TokenLogprob& other : token.top) {
      writeToken(writer.beginObject(), other);
      writer.endObject();
    }
    writer.endArray().endObject();
  }
  writer.endArray().key("refusal").null().endObject();
}

void writeUsage(json::Writer& writer, const TokenUsage& usage) {
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
