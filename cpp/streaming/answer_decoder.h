#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "google/answer.h"
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
class AnswerDecoder {
 public:
  // Sans-I/O: bytes may be cut anywhere. After a fault, feed nothing more.
  DecodedAnswers feed(std::string_view bytes);
  DecodedAnswers finish();

 private:
  enum class Framing { Unknown, Events, Document };
  Framing framing_ = Framing::Unknown;
  SseDecoder events_;
  std::string document_;
};

}  // namespace rondo::streaming
