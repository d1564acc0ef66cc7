#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/dialect.h"
#include "openai/responses_body.h"

namespace rondo::openai {

// Writes the events of a streamed response: `event: …`, `data: {…}`, numbered without gaps. Begins
// with response.created; the last event holds the whole response.
class ResponsesStream : public conversation::StreamWriter, private OutputListener {
 public:
  // `style` outlives it.
  ResponsesStream(const conversation::AnswerHead& head, const ResponsesStyle& style);

  void append(std::string& out, std::vector<conversation::Event> events) override;
  void appendText(std::string& out, conversation::TextKind kind, const json::Text& text) override;
  void appendEnd(std::string& out, const std::optional<conversation::Usage>& usage) override;
  bool isFull() const override { return output_.isFull(); }
  // What was open is told as incomplete, and the response as failed.
  void appendError(std::string& out, const Error& error) override;

 private:
  class Event;
  class DoneTeller;

  void added(std::size_t index, const OutputItem& item) override;
  void saidMore(std::size_t index, const OutputItem& item, const json::Text& text,
                const std::vector<conversation::TokenScore>& scores) override;
  void thoughtMore(std::size_t index, const OutputItem& item, const json::Text& text) override;
  void annotated(std::size_t index, const OutputItem& item) override;
  void done(std::size_t index, const OutputItem& item) override;

  void begin(std::string& out);
  void tellResponse(std::string_view type, const ResponseState& state);
  void tellItem(std::string_view type, std::size_t index, const OutputItem& item);
  void prepareDelta(std::string_view type, std::size_t index, const OutputItem& item,
                    std::string_view place);
  void tellDelta(const json::Text& text);

  const conversation::AnswerHead head_;
  const ResponsesStyle& style_;
  ResponsesOutput output_;
  std::string* out_ = nullptr;  // Of the call that is going on.
  bool hasBegun_ = false;
  std::int64_t next_ = 0;  // The next event's number.
  // Of the open item's deltas, what stands before the number, between that and the text, and
  // behind.
  std::string deltaBegin_;
  std::string deltaMiddle_;
  std::string_view deltaEnd_;
};

}  // namespace rondo::openai
