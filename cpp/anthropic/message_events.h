#pragma once

#include <string>
#include <string_view>

#include "anthropic/content_blocks.h"

namespace rondo::anthropic {

// Writes blocks as the events of a stream: `content_block_start`, its deltas, `content_block_stop`.
// What begins the delta of a text is made once a block.
class MessageEvents : public BlockSink {
 public:
  // Where the events go that follow. `out` must outlive them.
  void writeTo(std::string& out) { out_ = &out; }

  void beginText() override;
  void text(const json::Text& text) override { textDelta(text); }
  void cite(const conversation::Citation& citation) override;
  void beginThinking() override;
  void thought(const json::Text& text) override { textDelta(text); }
  void sign(std::string_view signature) override;
  void end() override;
  void use(const ToolUse& tool) override;
  void result(std::string_view block) override;

 private:
  void begin(std::string_view block);
  void beginDelta(std::string& out, std::string_view type, std::string_view field) const;
  void textDelta(const json::Text& text);

  std::string* out_ = nullptr;
  int index_ = 0;          // Of the block that is open, or comes next.
  std::string textBegin_;  // The delta of a text, up to the text.
};

// Begins an event of a stream: its name, and its data up to what is behind `type`.
void beginEvent(std::string& out, std::string_view type);

}  // namespace rondo::anthropic
