#pragma once

#include <optional>
#include <string_view>

#include "google/answer.h"
#include "google/text_event.h"
#include "json/document.h"
#include "streaming/sse_decoder.h"
#include "streaming/stream_fault.h"
#include "translation/finish.h"

namespace rondo::streaming {

// Bytes of a generateContent or streamGenerateContent answer → Answers. Takes server-sent events,
// and also what comes instead of them or behind them: one JSON object (a unary answer, an error) or
// an array. Bytes may be cut anywhere. After a fault, nothing more may be fed.
class AnswerDecoder {
 public:
  // Takes one answer after the other. Their texts are good during the call.
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void takeAnswer(google::Answer answer) = 0;
    // The same as an answer that holds but this.
    virtual void takeText(const google::TextEvent& event) = 0;
  };

  // Both hand out what comes before a fault, and give the fault.
  std::optional<StreamFault> feed(std::string_view bytes, Sink& sink);
  std::optional<StreamFault> finish(Sink& sink);

  // Known when `finish` has given no fault.
  translation::AnswerForm form() const { return form_; }

 private:
  enum class End { Whole, MayBeCut };
  class Events;

  std::optional<StreamFault> takeText(std::string_view text, End end, Sink& sink);

  SseDecoder events_;
  google::TextEventReader textEvents_;
  json::Document event_;
  translation::AnswerForm form_ = translation::AnswerForm::Streamed;
};

}  // namespace rondo::streaming
