#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "conversation/dialect.h"
#include "openai/responses_output_item.h"

namespace rondo::openai {

// Hears of the items of an output as they come to be. What isn't overridden isn't heard.
class OutputListener {
 public:
  virtual ~OutputListener() = default;

  virtual void added(std::size_t, const OutputItem&) {}
  // Before it is added to the item's own.
  virtual void saidMore(std::size_t, const OutputItem&, const json::Text&,
                        const std::vector<conversation::TokenScore>&) {}
  virtual void thoughtMore(std::size_t, const OutputItem&, const json::Text&) {}
  // The latest of the item, which may be done.
  virtual void annotated(std::size_t, const OutputItem&) {}
  virtual void done(std::size_t, const OutputItem&) {}
};

// Makes an answer's events the items of an output. One item is open at most; the next one closes
// it.
class ResponsesOutput {
 public:
  // `style` and `listener` outlive it.
  ResponsesOutput(const conversation::AnswerHead& head, const ResponsesStyle& style,
                  OutputListener& listener);

  // Events that came together.
  void add(std::vector<conversation::Event> events);
  void addText(conversation::TextKind kind, const json::Text& text);

  // The text to which more may be added without a word to the listener: the open message's, or that
  // of the open thoughts. Null when the last item is of another kind, or over.
  json::TextBuilder* openText(conversation::TextKind kind);
  // That so many bytes were added there.
  void grew(std::size_t bytes) { kept_ += bytes; }

  // Whether the items hold as much as they may: a stream's end tells all of them once more.
  bool isFull() const { return kept_ > kMostKept || keptImages_ > kMostImages; }

  // Closes what is open, as the answer's end asks for.
  void finish();
  // Closes it as incomplete, since nothing more will come.
  void breakOff();

  const std::deque<OutputItem>& items() const { return items_; }
  conversation::FinishReason reason() const { return reason_; }

 private:
  static constexpr std::size_t kMostKept = 4 * 1024 * 1024;     // Bytes.
  static constexpr std::size_t kMostImages = 16 * 1024 * 1024;  // Bytes of addresses.

  class Adder;
  // What follows the open item when that is closed: texts for reasoning items; and searches, since
  // citations of the text before them may come after.
  using Follower = std::variant<std::string, conversation::WebSearch>;
  // Where a message's text lies in all of the choice's, in code points.
  struct Stretch {
    std::size_t item;
    std::int64_t begin;
    std::int64_t end;
  };

  template <class What>
  What* openAs();
  template <class What>
  What& open(What what);
  template <class What>
  void addWhole(What what);
  void close(ItemStatus status = ItemStatus::Completed);
  void follow(Follower follower);

  void addSaid(json::TextBuilder text);
  void say();
  void addThought(const json::Text& text);
  void addSignature(std::string signature);
  void addScore(conversation::TokenScore score);
  void addCall(conversation::Call call);
  void addImage(conversation::Image image);
  void addCodeOutput(conversation::CodeOutput output);
  void addFollower(Follower follower);
  void cite(conversation::Citation citation);
  void refuse();

  std::size_t last() const { return items_.size() - 1; }
  MessageItem* lastMessage();
  std::string sealed(conversation::Carried what, std::string value, std::string callId = {});
  void measureMessages();

  std::string seed_;
  conversation::SignatureOrigin origin_;
  const ResponsesStyle& style_;
  OutputListener& listener_;
  std::deque<OutputItem> items_;
  std::size_t kept_ = 0;
  std::size_t keptImages_ = 0;
  bool isOpen_ = false;  // The last item.
  std::optional<std::size_t> lastMessage_;
  // More of the open message, which the listener hasn't heard yet.
  json::TextBuilder pendingText_;
  std::vector<conversation::TokenScore> pendingScores_;
  std::string textSignature_;  // Of the open message.
  std::vector<Follower> followers_;
  // Of the messages, as of so many items.
  std::vector<Stretch> stretches_;
  std::size_t measured_ = 0;
  conversation::FinishReason reason_ = conversation::FinishReason::Stop;
};

}  // namespace rondo::openai
