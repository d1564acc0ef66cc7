#include "anthropic/content_blocks.h"

#include <utility>

#include "anthropic/message_pieces.h"
#include "json/writer.h"

namespace rondo::anthropic {
namespace {

using conversation::Carried;
using conversation::Citation;
using conversation::TextKind;
using conversation::ToolOutcome;
using conversation::WebSearch;

// The arguments of a call, which clients expect to be an object.
std::string inputOf(std::string arguments) {
  json::Document document;
  if (document.tryRead(arguments) && document.root().isObject()) return arguments;
  if (arguments.empty()) return "{}";
  std::string input;
  json::Writer(input).beginObject().key("input").string(arguments).endObject();
  return input;
}

}  // namespace

BlockTeller::BlockTeller(const conversation::AnswerHead& head, BlockSink& sink)
    : head_(head), sink_(sink) {}

void BlockTeller::tell(conversation::Event event) {
  std::visit([this](auto& what) { on(what); }, event.what);
}

bool BlockTeller::isOpen(TextKind kind) const {
  return open_ == (kind == TextKind::Said ? Open::Text : Open::Thinking);
}

void BlockTeller::open(TextKind kind) {
  if (isOpen(kind)) return;
  close();
  if (kind == TextKind::Said) {
    sink_.beginText();
    open_ = Open::Text;
  } else {
    sink_.beginThinking();
    open_ = Open::Thinking;
  }
}

// Ends the block that is open, and tells what has waited for its end.
void BlockTeller::close() {
  if (std::exchange(open_, Open::None) != Open::None) sink_.end();
  auto calls = std::exchange(calls_, {});
  if (!textSignature_.empty()) {
    carry(Carried::TextSignature, std::exchange(textSignature_, {}));
  }
  if (search_) {
    const WebSearch search = std::move(*search_);
    search_.reset();
    tellSearch(search);
  }
  for (conversation::Call& call : calls) tellCall(std::move(call));
}

void BlockTeller::endText() {
  if (open_ == Open::Text) open_ = Open::EndedText;
}

void BlockTeller::carry(Carried what, std::string value, std::string callId) {
  if (open_ != Open::Thinking) {
    close();
    sink_.beginThinking();
  }
  open_ = Open::None;
  sink_.sign(conversation::seal({what, head_.origin, std::move(callId), std::move(value)}));
  sink_.end();
}

void BlockTeller::on(conversation::TextPiece& piece) {
  open(TextKind::Said);
  sink_.text(piece.text.view());
}

void BlockTeller::on(conversation::ThoughtPiece& piece) {
  open(TextKind::Thought);
  sink_.thought(piece.text.view());
}

void BlockTeller::on(conversation::Signature& signature) {
  if (!calls_.empty()) close();
  if (open_ != Open::Text && open_ != Open::EndedText) {
    return carry(Carried::TextSignature, std::move(signature.value));
  }
  endText();
  textSignature_ = std::move(signature.value);
}

void BlockTeller::on(conversation::Call& call) {
  endText();
  if (open_ == Open::EndedText) {
    calls_.push_back(std::move(call));
  } else {
    tellCall(std::move(call));
  }
}

void BlockTeller::tellCall(conversation::Call call) {
  if (!call.signature.empty()) {
    carry(Carried::CallSignature, std::move(call.signature.value), call.id);
  }
  close();
  sink_.use(
      {"tool_use", std::move(call.id), std::move(call.name), inputOf(std::move(call.arguments))});
}

// A block of its own, by which it is known when it comes back.
void BlockTeller::on(conversation::Image& image) {
  close();
  open(TextKind::Said);
  sink_.text(json::TextBuilder("![image](" + image.url + ")").view());
  endText();
  textSignature_ = std::move(image.signature);
}

void BlockTeller::on(WebSearch& search) {
  endText();
  if (open_ == Open::EndedText && !search_) {
    search_ = std::move(search);
    return;
  }
  close();
  tellSearch(search);
}

void BlockTeller::on(conversation::CodeRun& run) {
  close();
  runId_ = useHostedTool("code_execution", "code", run.code);
}

void BlockTeller::on(conversation::CodeOutput& output) {
  close();
  if (runId_.empty()) runId_ = useHostedTool("code_execution", "code", {});
  std::string block;
  appendCodeResult(block, std::exchange(runId_, {}), output);
  sink_.result(block);
}

void BlockTeller::on(conversation::HostedPart& part) {
  carry(Carried::HostedPart, std::move(part.json));
}

void BlockTeller::on(Citation& citation) {
  if (open_ != Open::EndedText) open(TextKind::Said);
  sink_.cite(citation);
}

void BlockTeller::on(conversation::Finish& finish) { reason_ = finish.reason; }

// Google tells of all searches at once what they have found: it stands with the last.
void BlockTeller::tellSearch(const WebSearch& search) {
  std::vector<std::string> queries = search.queries;
  if (queries.empty()) queries.emplace_back();
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const std::string id = useHostedTool("web_search", "query", queries[i]);
    const bool isLast = i + 1 == queries.size();
    std::string block;
    appendSearchResult(block, id, isLast ? search.sources : std::vector<conversation::WebSource>());
    sink_.result(block);
    ++searches_;
  }
}

std::string BlockTeller::useHostedTool(std::string_view name, std::string_view field,
                                       std::string_view value) {
  ToolUse tool{"server_tool_use",
               "srvtoolu_" + head_.seed + '_' + std::to_string(hostedUses_++),
               std::string(name),
               {}};
  json::Writer(tool.input).beginObject().key(field).string(value).endObject();
  sink_.use(tool);
  return tool.id;
}

}  // namespace rondo::anthropic
