#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "google/answer.h"
#include "json/value.h"
#include "streaming/sse_decoder.h"
#include "streaming/stream_fault.h"

namespace rondo::streaming {

// What came before a fault, and the fault.
struct DecodedAnswers {
  std::vector<google::Answer> answers;
  std::optional<StreamFault> fault;
};

// Bytes of a generateContent or streamGenerateContent answer → Answers. Takes server-sent events,
// and also what comes instead of them: one JSON object (a unary answer, an error) or an array.
// Bytes may be cut anywhere. After a fault, nothing more may be fed.
class AnswerDecoder {
 public:
  DecodedAnswers feed(std::string_view bytes);
  DecodedAnswers finish();

 private:
  enum class Framing { Unknown, Events, Document };
  enum class End { Whole, MayBeCut };

  void takeText(std::string_view text, End end, DecodedAnswers& decoded) const;
  void takeValue(json::Value value, DecodedAnswers& decoded) const;

  Framing framing_ = Framing::Unknown;
  SseDecoder events_;
  std::string document_;  // While the framing is unknown or a Document: all that came.
};

}  // namespace rondo::streaming
