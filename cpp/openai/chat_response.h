#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/dialect.h"
#include "openai/chat_request.h"
#include "openai/message_writer.h"
#include "openai/pcm.h"

// Answers of `POST /v1/chat/completions`, whole and in chunks. Beyond OpenAI's reference, thoughts
// are `reasoning_content`, made images are `images[]`, and Google's thought signatures travel as
// `extra_content.google.thought_signature`, as in Google's own compatibility layer
// (ai.google.dev/gemini-api/docs/openai).

namespace rondo::openai {

// A `chat.completion`. No `usage` key when Google counted nothing. Its messages have no order among
// text, thoughts and calls: of each kind they hold all that the answer says. Of sound a choice has
// one piece at most, in the encoding that the client wants.
std::string completionBody(const conversation::AnswerHead& head, conversation::Answer answer,
                           CallStyle style);

// Writes the events of one stream: `data: {…}`, blank line included, one for the stretch of a kind
// that comes together. A choice begins with its role; [DONE] ends all.
class ChunkWriter : public conversation::StreamWriter {
 public:
  ChunkWriter(const conversation::AnswerHead& head, const ChatStyle& style);

  void append(std::string& out, std::vector<conversation::Event> events) override;
  void appendText(std::string& out, conversation::TextKind kind, const json::Text& text) override;
  // The extra chunk of `include_usage`, which has no choices, and [DONE].
  void appendEnd(std::string& out, const std::optional<conversation::Usage>& usage) override;
  // An error alone, and no [DONE]: no client takes such a stream for a whole one.
  void appendError(std::string& out, const Error& error) override;

 private:
  class Chunks;

  void beginChoice(std::string& out, int choice);
  void writeSound(json::Writer& writer, const MessageDelta& delta, int choice);
  void endSound(std::string& out, int choice);
  void appendFinish(std::string& out, int choice, conversation::FinishReason reason) const;
  void appendUsage(std::string& out, const conversation::Usage& usage) const;
  // What stands before and after a choice's delta; no `finish` is null.
  void begin(std::string& out, int choice) const;
  void end(std::string& out, std::string_view finish) const;

  std::string head_;  // `data: {"id":…,"object":…,"created":…,"model":…`
  // The same and `,"choices":[{"index":0,"delta":{"content":"`, or `reasoning_content`.
  std::string contentBegin_;
  std::string reasoningBegin_;
  std::string textEnd_;  // `"},"logprobs":…` to the end of the event
  StreamUsage usage_;
  CallStyle style_;
  std::set<int> begun_;  // Choices whose role was told.
  ChatSound sound_;
  std::string seed_;          // What the sound's ids are made of.
  std::int64_t created_ = 0;  // Unix seconds.
  // Of each choice that has any, calls, images and sound so far.
  struct Made {
    int calls = 0;
    int images = 0;
    PcmReader sound = {};
    bool hasSpoken = false;
  };
  std::map<int, Made> made_;
};

// Writes the same stream, and gathers what it tells: at its end the completion is put into the
// style's `kept`. Of one that breaks off, or is too long to be stored, nothing is.
class KeptChunkWriter : public conversation::StreamWriter {
 public:
  KeptChunkWriter(const conversation::AnswerHead& head, const ChatStyle& style);
  ~KeptChunkWriter() override;

  void append(std::string& out, std::vector<conversation::Event> events) override;
  void appendText(std::string& out, conversation::TextKind kind, const json::Text& text) override;
  void appendEnd(std::string& out, const std::optional<conversation::Usage>& usage) override;
  void appendError(std::string& out, const Error& error) override;

 private:
  struct Gathered;

  bool takes(std::size_t bytes);

  ChunkWriter chunks_;
  conversation::AnswerHead head_;
  CallStyle style_;
  std::string& kept_;
  std::unique_ptr<Gathered> gathered_;  // Null once it is too much.
  std::size_t bytes_ = 0;
};

}  // namespace rondo::openai
