#include "anthropic/messages_response.h"

#include <utility>

#include "anthropic/error.h"
#include "anthropic/message_pieces.h"

namespace rondo::anthropic {
namespace {

using conversation::AnswerHead;
using conversation::Citation;
using conversation::Event;
using conversation::Usage;
using json::Writer;

// Writes blocks as the elements of `content`.
class BlockList : public BlockSink {
 public:
  explicit BlockList(Writer& writer) : writer_(writer) {}

  void beginText() override { kind_ = Kind::Text; }
  void text(const json::Text& text) override { text_.append(text); }
  void cite(const Citation& citation) override { citations_.push_back(citation); }
  void beginThinking() override { kind_ = Kind::Thinking; }
  void thought(const json::Text& text) override { text_.append(text); }
  void sign(std::string_view signature) override { signature_ = signature; }

  void end() override {
    const json::TextBuilder text = std::exchange(text_, {});
    writer_.beginObject();
    if (kind_ == Kind::Text) {
      writer_.key("type").string("text").key("text").string(text.view());
      writeCitations(std::exchange(citations_, {}));
    } else {
      writer_.key("type").string("thinking").key("thinking").string(text.view());
      writer_.key("signature").string(std::exchange(signature_, {}));
    }
    writer_.endObject();
  }

  void use(const ToolUse& tool) override { writeToolUse(writer_, tool, tool.input); }
  void result(std::string_view block) override { writer_.raw(block); }

 private:
  enum class Kind { Text, Thinking };

  void writeCitations(const std::vector<Citation>& citations) {
    writer_.key("citations");
    if (citations.empty()) {
      writer_.null();
      return;
    }
    writer_.beginArray();
    for (const Citation& citation : citations) writeCitation(writer_, citation);
    writer_.endArray();
  }

  Writer& writer_;
  Kind kind_ = Kind::Text;
  json::TextBuilder text_;
  std::vector<Citation> citations_;
  std::string signature_;
};

}  // namespace

std::string messageBody(const AnswerHead& head, conversation::Answer answer) {
  std::string body;
  Writer writer(body);
  writer.beginObject();
  writeHead(writer, head);
  writer.key("content").beginArray();
  BlockList blocks(writer);
  BlockTeller teller(head, blocks);
  for (Event& event : answer.events) teller.tell(std::move(event));
  teller.finish();
  writer.endArray();
  writeStop(writer, teller.reason());
  writeUsage(writer.key("usage"), answer.usage.value_or(Usage{}), teller.searches(),
             UsageOf::Message);
  writer.endObject();
  return body;
}

std::string tokenCountBody(const conversation::Answer& answer) {
  std::string body;
  Writer(body)
      .beginObject()
      .key("input_tokens")
      .integer(answer.usage.value_or(Usage{}).prompt)
      .endObject();
  return body;
}

// --- A stream ------------------------------------------------------------------------------------

MessageWriter::MessageWriter(const AnswerHead& head) : head_(head), teller_(head_, events_) {}

void MessageWriter::append(std::string& out, std::vector<Event> events) {
  begin(out);
  for (Event& event : events) teller_.tell(std::move(event));
}

void MessageWriter::appendText(std::string& out, conversation::TextKind kind,
                               const json::Text& text) {
  begin(out);
  teller_.open(kind);
  events_.text(text);
}

void MessageWriter::appendEnd(std::string& out, const std::optional<Usage>& usage) {
  begin(out);
  teller_.finish();
  beginEvent(out, "message_delta");
  out += ",\"delta\":";
  Writer delta(out);
  delta.beginObject();
  writeStop(delta, teller_.reason());
  delta.key("container").null().endObject();
  out += ",\"usage\":";
  Writer counts(out);
  writeUsage(counts, usage.value_or(Usage{}), teller_.searches(), UsageOf::Delta);
  out += "}\n\n";
  beginEvent(out, "message_stop");
  out += "}\n\n";
}

void MessageWriter::appendError(std::string& out, const Error& error) {
  out += errorEvent(error, head_.requestId);
}

// How many tokens the request has is known at the end alone.
void MessageWriter::begin(std::string& out) {
  events_.writeTo(out);
  if (std::exchange(hasBegun_, true)) return;
  beginEvent(out, "message_start");
  out += ",\"message\":";
  Writer writer(out);
  writer.beginObject();
  writeHead(writer, head_);
  writer.key("content").beginArray().endArray();
  writeStop(writer, std::nullopt);
  writeUsage(writer.key("usage"), Usage{}, 0, UsageOf::Message);
  writer.endObject();
  out += "}\n\n";
}

}  // namespace rondo::anthropic
