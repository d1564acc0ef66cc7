#pragma once

#include <string>

#include "base/result.h"
#include "conversation/dialect.h"
#include "openai/transcript_request.h"

namespace rondo::openai {

// A whole transcript in the form that was asked for. Broken when times were asked for and none are
// told.
Result<std::string> transcriptBody(const TranscriptStyle& style, conversation::Answer answer);

// The content type of it.
std::string_view transcriptType(TranscriptForm form);

// A stream: `transcript.text.delta` events, and `transcript.text.done` with all of the text.
class TranscriptStream : public conversation::StreamWriter {
 public:
  void append(std::string& out, std::vector<conversation::Event> events) override;
  void appendText(std::string& out, conversation::TextKind kind, const json::Text& text) override;
  void appendEnd(std::string& out, const std::optional<conversation::Usage>& usage) override;
  bool isFull() const override;
  void appendError(std::string& out, const Error& error) override;

 private:
  json::TextBuilder text_;  // All so far.
};

}  // namespace rondo::openai
