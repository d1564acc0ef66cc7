#pragma once

#include <optional>
#include <string>
#include <vector>

#include "anthropic/content_blocks.h"
#include "anthropic/message_events.h"

// Answers of `POST /v1/messages`, whole and streamed (docs.anthropic.com/en/api/messages and
// /streaming).

namespace rondo::anthropic {

// A `message`. Its usage is nothing but zeros when Google counted nothing.
std::string messageBody(const conversation::AnswerHead& head, conversation::Answer answer);

// {"input_tokens":N}
std::string tokenCountBody(const conversation::Answer& answer);

// Writes the events of one stream, from `message_start` to `message_stop`.
class MessageWriter : public conversation::StreamWriter {
 public:
  explicit MessageWriter(const conversation::AnswerHead& head);
  MessageWriter(const MessageWriter&) = delete;
  MessageWriter& operator=(const MessageWriter&) = delete;

  void append(std::string& out, std::vector<conversation::Event> events) override;
  void appendText(std::string& out, conversation::TextKind kind, const json::Text& text) override;
  void appendEnd(std::string& out, const std::optional<conversation::Usage>& usage) override;
  // An `error` event alone, which no client takes for the end of a message.
  void appendError(std::string& out, const Error& error) override;

 private:
  void begin(std::string& out);

  conversation::AnswerHead head_;
  bool hasBegun_ = false;
  MessageEvents events_;
  BlockTeller teller_;
};

}  // namespace rondo::anthropic
