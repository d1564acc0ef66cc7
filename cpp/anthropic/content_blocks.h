#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/dialect.h"

// An answer's events as the blocks of a message's `content`, for whole messages and streams alike.

namespace rondo::anthropic {

// A call of the client's tools, or of Google's own.
struct ToolUse {
  std::string_view type;  // "tool_use" or "server_tool_use"
  std::string id;
  std::string name;
  std::string input;  // A JSON object.
};

// Takes the blocks, one after the other. What is begun is ended before anything else begins.
class BlockSink {
 public:
  virtual ~BlockSink() = default;

  virtual void beginText() = 0;
  virtual void text(const json::Text& text) = 0;
  virtual void cite(const conversation::Citation& citation) = 0;

  virtual void beginThinking() = 0;
  virtual void thought(const json::Text& text) = 0;
  // The last of its block.
  virtual void sign(std::string_view signature) = 0;

  virtual void end() = 0;

  // Whole blocks.
  virtual void use(const ToolUse& tool) = 0;
  virtual void result(std::string_view block) = 0;  // JSON
};

// Tells events as blocks, in their order. What a client has to bring back and has no place for is
// sealed (conversation/signature.h) and travels as the signature of a thinking block, one each: of
// the thoughts that are open, or of a block without thoughts. That of a call stands right before
// it, that of a text right behind it. Citations belong to the last text: what follows it, calls
// too, waits for them until something else is said.
class BlockTeller {
 public:
  // Both outlive the teller.
  BlockTeller(const conversation::AnswerHead& head, BlockSink& sink);

  // An event of the one choice that there is.
  void tell(conversation::Event event);

  // Whether more of `kind` goes on with the block that is open, as `BlockSink::text` or `thought`.
  bool isOpen(conversation::TextKind kind) const;
  // Opens such a block, if none is.
  void open(conversation::TextKind kind);

  // Behind the last event.
  void finish() { close(); }

  conversation::FinishReason reason() const { return reason_; }
  // How often the web was searched.
  std::int64_t searches() const { return searches_; }

 private:
  // An ended text takes nothing more but citations.
  enum class Open { None, Text, EndedText, Thinking };

  void on(conversation::TextPiece& piece);
  void on(conversation::ThoughtPiece& piece);
  void on(conversation::Signature& signature);
  void on(conversation::Call& call);
  void on(conversation::Image& image);
  void on(conversation::WebSearch& search);
  void on(conversation::CodeRun& run);
  void on(conversation::CodeOutput& output);
  void on(conversation::HostedPart& part);
  void on(conversation::Citation& citation);
  void on(conversation::Finish& finish);
  void on(conversation::TokenScore&) {}
  // Never asked for.
  void on(conversation::Sound&) {}
  void on(conversation::Utterance&) {}

  void close();
  void endText();
  void carry(conversation::Carried what, std::string value, std::string callId = {});
  void tellCall(conversation::Call call);
  void tellSearch(const conversation::WebSearch& search);
  std::string useHostedTool(std::string_view name, std::string_view field, std::string_view value);

  const conversation::AnswerHead& head_;
  BlockSink& sink_;
  Open open_ = Open::None;
  std::string textSignature_;                      // Of an ended text.
  std::optional<conversation::WebSearch> search_;  // Behind an ended text.
  std::vector<conversation::Call> calls_;          // The same.
  std::string runId_;                              // Of the last CodeRun without a CodeOutput.
  std::int64_t searches_ = 0;
  std::int64_t hostedUses_ = 0;
  conversation::FinishReason reason_ = conversation::FinishReason::Stop;
};

}  // namespace rondo::anthropic
