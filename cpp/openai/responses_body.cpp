#include "openai/responses_body.h"

#include <utility>

namespace rondo::openai {
namespace {

using conversation::Answer;
using conversation::AnswerHead;
using conversation::FinishReason;
using conversation::Usage;

std::string_view statusWord(ResponseStatus status) {
  switch (status) {
    case ResponseStatus::InProgress: break;
    case ResponseStatus::Completed: return "completed";
    case ResponseStatus::Incomplete: return "incomplete";
    case ResponseStatus::Failed: return "failed";
  }
  return "in_progress";
}

// The word by which clients know whether to come again. OpenAI's own list has no more of them than
// those that its clients tell apart.
std::string_view errorWord(const Error& error) {
  if (error.code == "insufficient_quota" || error.code == "context_length_exceeded") {
    return error.code;
  }
  switch (error.kind) {
    case ErrorKind::BadRequest:
    case ErrorKind::Forbidden:
    case ErrorKind::NotFound: return "invalid_prompt";
    case ErrorKind::RateLimited: return "rate_limit_exceeded";
    case ErrorKind::Transient:
    case ErrorKind::TimedOut:
    case ErrorKind::Broken:
    case ErrorKind::Unavailable:
    case ErrorKind::Internal: break;
  }
  return "server_error";
}

// A stream has no header that says when to come again: its clients read it in the message.
std::string errorMessage(const Error& error) {
  if (!error.retryAfter) return error.message;
  const auto seconds = std::to_string((error.retryAfter->count() + 999) / 1000);
  return error.message + " Please try again in " + seconds + "s.";
}

void writeError(json::Writer& writer, const Error* error) {
  if (!error) {
    writer.null();
    return;
  }
  writer.beginObject().key("code").string(errorWord(*error));
  writer.key("message").string(errorMessage(*error)).endObject();
}

void writeIncomplete(json::Writer& writer, const ResponseState& state) {
  if (state.status != ResponseStatus::Incomplete || !state.output) {
    writer.null();
    return;
  }
  const bool isCut = state.output->reason() == FinishReason::Length;
  writer.beginObject().key("reason").string(isCut ? "max_output_tokens" : "content_filter");
  writer.endObject();
}

void writeOutput(json::Writer& writer, const ResponsesOutput* output, const ResponsesStyle& style) {
  writer.beginArray();
  if (output) {
    for (const OutputItem& item : output->items()) writeItem(writer, item, style);
  }
  writer.endArray();
}

void writeUsage(json::Writer& writer, const Usage& usage) {
  writer.beginObject();
  writer.key("input_tokens").integer(usage.prompt);
  writer.key("input_tokens_details").beginObject();
  writer.key("cached_tokens").integer(usage.cached).key("cache_write_tokens").integer(0);
  writer.endObject();
  writer.key("output_tokens").integer(usage.completion);
  writer.key("output_tokens_details").beginObject();
  writer.key("reasoning_tokens").integer(usage.reasoning).endObject();
  writer.key("total_tokens").integer(usage.total);
  writer.endObject();
}

std::string wholeResponse(const AnswerHead& head, const ResponsesStyle& style, Answer answer) {
  OutputListener nobody;
  ResponsesOutput output(head, style, nobody);
  output.add(std::move(answer.events));
  output.finish();
  std::string body;
  json::Writer writer(body);
  writeResponse(writer, head, style,
                {statusOf(output.reason()), &output, answer.usage.value_or(Usage{})});
  return body;
}

std::string tokenCount(const Answer& answer) {
  std::string body;
  json::Writer writer(body);
  writer.beginObject().key("object").string("response.input_tokens");
  writer.key("input_tokens").integer(answer.usage.value_or(Usage{}).prompt).endObject();
  return body;
}

std::string textOf(const Answer& answer) {
  json::TextBuilder text;
  for (const auto& event : answer.events) {
    const auto* piece = std::get_if<conversation::TextPiece>(&event.what);
    if (piece && event.choice == 0) text.append(piece->text.view());
  }
  return text.view().plain();
}

// What the user said, as it was, and a summary of all that the client carries for us.
Error noSummary() {
  return makeError(ErrorKind::Broken,
                   "A server error: the model gave no summary of the conversation, or a filter "
                   "withheld it.",
                   "empty_answer");
}

Result<std::string> compaction(const AnswerHead& head, const ResponsesStyle& style,
                               const Answer& answer) {
  std::string summary = textOf(answer);
  if (summary.empty()) return fail(noSummary());
  std::string body;
  json::Writer writer(body);
  writer.beginObject().key("id").string("resp_" + head.seed);
  writer.key("object").string("response.compaction").key("created_at").integer(head.created);
  writer.key("output").beginArray();
  for (std::size_t i = 0; i < style.userContents.size(); ++i) {
    writer.beginObject().key("id").string("msg_" + head.seed + '_' + std::to_string(i));
    writer.key("type").string("message").key("status").string("completed");
    writer.key("role").string("user").key("content").raw(style.userContents[i]).endObject();
  }
  writer.beginObject().key("id").string("cmp_" + head.seed).key("type").string("compaction");
  writer.key("encrypted_content")
      .string(conversation::seal(
          {conversation::Carried::Summary, head.origin, {}, std::move(summary)}));
  writer.endObject().endArray();
  writeUsage(writer.key("usage"), answer.usage.value_or(Usage{}));
  writer.endObject();
  return body;
}

}  // namespace

ResponseStatus statusOf(FinishReason reason) {
  const bool isWhole = reason == FinishReason::Stop || reason == FinishReason::Calls;
  return isWhole ? ResponseStatus::Completed : ResponseStatus::Incomplete;
}

void writeResponse(json::Writer& writer, const AnswerHead& head, const ResponsesStyle& style,
                   const ResponseState& state) {
  writer.beginObject();
  writer.key("id").string("resp_" + head.seed).key("object").string("response");
  writer.key("created_at").integer(head.created);
  writer.key("status").string(statusWord(state.status));
  writeError(writer.key("error"), state.error);
  writeIncomplete(writer.key("incomplete_details"), state);
  writer.key("model").string(head.model);
  writeOutput(writer.key("output"), state.output, style);
  writer.key("usage");
  if (state.usage) {
    writeUsage(writer, *state.usage);
  } else {
    writer.null();
  }
  writer.key("access_programs").null();
  writer.raw(style.echo);
  writer.endObject();
}

Result<std::string> responsesBody(const AnswerHead& head, const ResponsesStyle& style,
                                  Answer answer) {
  switch (style.call) {
    case ResponsesCall::Create: break;
    case ResponsesCall::CountTokens: return tokenCount(answer);
    case ResponsesCall::Compact: return compaction(head, style, answer);
  }
  std::string body = wholeResponse(head, style, std::move(answer));
  if (style.kept) *style.kept = body;
  return body;
}

}  // namespace rondo::openai
