#include "openai/responses_stream.h"

#include <charconv>
#include <utility>

#include "openai/message_writer.h"

namespace rondo::openai {
namespace {

using conversation::AnswerHead;
using conversation::TextKind;
using conversation::Usage;

constexpr std::string_view kSaidMore = "response.output_text.delta";
constexpr std::string_view kThoughtMore = "response.reasoning_summary_text.delta";
constexpr std::string_view kContentPlace = R"(,"content_index":0)";
constexpr std::string_view kSummaryPlace = R"(,"summary_index":0)";

void appendNumber(std::string& out, std::int64_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

// An event up to its number.
void appendBegin(std::string& out, std::string_view type) {
  out.append("event: ").append(type).append("\ndata: {\"type\":\"").append(type);
  out += R"(","sequence_number":)";
}

}  // namespace

// One event, from its beginning to its end.
class ResponsesStream::Event {
 public:
  Event(ResponsesStream& stream, std::string_view type)
      : out_(*stream.out_), writer_(*stream.out_) {
    out_.append("event: ").append(type).append("\ndata: ");
    writer_.beginObject().key("type").string(type);
    writer_.key("sequence_number").integer(stream.next_++);
  }
  // One of an item.
  Event(ResponsesStream& stream, std::string_view type, std::size_t index, const OutputItem& item)
      : Event(stream, type) {
    writer_.key("item_id").string(item.id);
    writer_.key("output_index").integer(std::uint64_t{index});
  }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() {
    writer_.endObject();
    out_ += "\n\n";
  }

  json::Writer& key(std::string_view name) { return writer_.key(name); }

 private:
  std::string& out_;
  json::Writer writer_;
};

// Tells what of an item comes in events of its own, when it is done.
class ResponsesStream::DoneTeller {
 public:
  DoneTeller(ResponsesStream& stream, std::size_t index, const OutputItem& item)
      : stream_(stream), index_(index), item_(item) {}

  void operator()(const ReasoningItem& reasoning) const {
    if (reasoning.summary.empty()) return;
    {
      Event text = event("response.reasoning_summary_text.done");
      text.key("summary_index").integer(0);
      text.key("text").string(reasoning.summary.view());
    }
    Event part = event("response.reasoning_summary_part.done");
    part.key("summary_index").integer(0);
    writeSummaryPart(part.key("part"), reasoning.summary.view());
  }

  void operator()(const MessageItem& message) const {
    if (message.refusal.empty()) {
      endText(message);
    } else {
      tellRefusal(message);
    }
    Event part = event("response.content_part.done");
    part.key("content_index").integer(0);
    writePart(part.key("part"), message);
  }

  void operator()(const CallItemOf& made) const {
    if (made.tool.item == CallItem::Function) {
      event("response.function_call_arguments.delta").key("delta").string(made.call.arguments);
      Event whole = event("response.function_call_arguments.done");
      whole.key("name").string(made.tool.name);
      whole.key("arguments").string(made.call.arguments);
    } else if (made.tool.item == CallItem::Custom) {
      event("response.custom_tool_call_input.delta").key("delta").string(made.call.arguments);
      event("response.custom_tool_call_input.done").key("input").string(made.call.arguments);
    }
  }

  void operator()(const SearchItem&) const {
    event("response.web_search_call.in_progress");
    event("response.web_search_call.searching");
    event("response.web_search_call.completed");
  }

  void operator()(const CodeItem& code) const {
    event("response.code_interpreter_call.in_progress");
    event("response.code_interpreter_call_code.delta").key("delta").string(code.code);
    event("response.code_interpreter_call_code.done").key("code").string(code.code);
    event("response.code_interpreter_call.interpreting");
    event("response.code_interpreter_call.completed");
  }

  void operator()(const ImageItem&) const {
    event("response.image_generation_call.in_progress");
    event("response.image_generation_call.generating");
    event("response.image_generation_call.completed");
  }

 private:
  Event event(std::string_view type) const { return {stream_, type, index_, item_}; }

  void endText(const MessageItem& message) const {
    Event text = event("response.output_text.done");
    text.key("content_index").integer(0);
    text.key("text").string(message.text.view());
    writeScores(text.key("logprobs"), message.logprobs);
  }

  void tellRefusal(const MessageItem& message) const {
    for (const auto& [type, key] : {std::pair{"response.refusal.delta", "delta"},
                                    std::pair{"response.refusal.done", "refusal"}}) {
      Event refusal = event(type);
      refusal.key("content_index").integer(0);
      refusal.key(key).string(message.refusal);
    }
  }

  ResponsesStream& stream_;
  std::size_t index_;
  const OutputItem& item_;
};

ResponsesStream::ResponsesStream(const AnswerHead& head, const ResponsesStyle& style)
    : head_(head), style_(style), output_(head_, style, *this) {}

void ResponsesStream::append(std::string& out, std::vector<conversation::Event> events) {
  begin(out);
  output_.add(std::move(events));
}

void ResponsesStream::appendText(std::string& out, TextKind kind, const json::Text& text) {
  begin(out);
  if (json::TextBuilder* open = output_.openText(kind)) {
    tellDelta(text);
    open->append(text);
    output_.grew(text.spelling().size());
  } else {
    output_.addText(kind, text);
  }
}

void ResponsesStream::appendEnd(std::string& out, const std::optional<Usage>& usage) {
  begin(out);
  output_.finish();
  const ResponseStatus status = statusOf(output_.reason());
  const bool isWhole = status == ResponseStatus::Completed;
  const ResponseState state{status, &output_, usage.value_or(Usage{})};
  tellResponse(isWhole ? "response.completed" : "response.incomplete", state);
  if (!style_.kept) return;
  style_.kept->clear();
  json::Writer writer(*style_.kept);
  writeResponse(writer, head_, style_, state);
}

void ResponsesStream::appendError(std::string& out, const Error& error) {
  begin(out);
  output_.breakOff();
  tellResponse("response.failed", {ResponseStatus::Failed, &output_, std::nullopt, &error});
}

// --- Items ---------------------------------------------------------------------------------------

void ResponsesStream::added(std::size_t index, const OutputItem& item) {
  tellItem("response.output_item.added", index, item);
  const auto* message = std::get_if<MessageItem>(&item.what);
  if (!message) return;
  {
    Event part(*this, "response.content_part.added", index, item);
    part.key("content_index").integer(0);
    writeEmptyPart(part.key("part"), *message);
  }
  prepareDelta(kSaidMore, index, item, kContentPlace);
  deltaEnd_ = "\",\"logprobs\":[]}\n\n";
}

void ResponsesStream::saidMore(std::size_t index, const OutputItem& item, const json::Text& text,
                               const std::vector<conversation::TokenScore>& scores) {
  if (scores.empty()) return tellDelta(text);
  Event delta(*this, kSaidMore, index, item);
  delta.key("content_index").integer(0);
  delta.key("delta").string(text);
  writeScores(delta.key("logprobs"), scores);
}

void ResponsesStream::thoughtMore(std::size_t index, const OutputItem& item,
                                  const json::Text& text) {
  if (std::get<ReasoningItem>(item.what).summary.empty()) {
    {
      Event part(*this, "response.reasoning_summary_part.added", index, item);
      part.key("summary_index").integer(0);
      writeSummaryPart(part.key("part"), {});
    }
    prepareDelta(kThoughtMore, index, item, kSummaryPlace);
    deltaEnd_ = "\"}\n\n";
  }
  tellDelta(text);
}

void ResponsesStream::annotated(std::size_t index, const OutputItem& item) {
  const auto& annotations = std::get<MessageItem>(item.what).annotations;
  Event event(*this, "response.output_text.annotation.added", index, item);
  event.key("content_index").integer(0);
  event.key("annotation_index").integer(std::uint64_t{annotations.size() - 1});
  writeUrlCitation(event.key("annotation"), annotations.back());
}

void ResponsesStream::done(std::size_t index, const OutputItem& item) {
  std::visit(DoneTeller(*this, index, item), item.what);
  tellItem("response.output_item.done", index, item);
}

// --- Events --------------------------------------------------------------------------------------

void ResponsesStream::begin(std::string& out) {
  out_ = &out;
  if (std::exchange(hasBegun_, true)) return;
  tellResponse("response.created", {});
  tellResponse("response.in_progress", {});
}

void ResponsesStream::tellResponse(std::string_view type, const ResponseState& state) {
  Event event(*this, type);
  writeResponse(event.key("response"), head_, style_, state);
}

void ResponsesStream::tellItem(std::string_view type, std::size_t index, const OutputItem& item) {
  Event event(*this, type);
  event.key("output_index").integer(std::uint64_t{index});
  writeItem(event.key("item"), item, style_);
}

void ResponsesStream::prepareDelta(std::string_view type, std::size_t index, const OutputItem& item,
                                   std::string_view place) {
  deltaBegin_.clear();
  appendBegin(deltaBegin_, type);
  deltaMiddle_ = R"(,"item_id":")" + item.id + R"(","output_index":)";
  appendNumber(deltaMiddle_, static_cast<std::int64_t>(index));
  deltaMiddle_.append(place).append(R"(,"delta":")");
}

void ResponsesStream::tellDelta(const json::Text& text) {
  *out_ += deltaBegin_;
  appendNumber(*out_, next_++);
  *out_ += deltaMiddle_;
  text.appendTo(*out_);
  *out_ += deltaEnd_;
}

}  // namespace rondo::openai
