#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "conversation/dialect.h"
#include "json/writer.h"
#include "openai/responses_output.h"

// The objects that tell of a whole response.

namespace rondo::openai {

enum class ResponseStatus { InProgress, Completed, Incomplete, Failed };

// How far a response has come.
struct ResponseState {
  ResponseStatus status = ResponseStatus::InProgress;
  const ResponsesOutput* output = nullptr;  // Null: none yet.
  std::optional<conversation::Usage> usage = {};
  const Error* error = nullptr;  // Of one that failed.
};

// What an answer that ended by itself has come to.
ResponseStatus statusOf(conversation::FinishReason reason);

// The object `response`.
void writeResponse(json::Writer& writer, const conversation::AnswerHead& head,
                   const ResponsesStyle& style, const ResponseState& state);

// The body of what was asked for: a response, a number of tokens or a compaction. `empty_answer`
// for a compaction without a summary.
Result<std::string> responsesBody(const conversation::AnswerHead& head, const ResponsesStyle& style,
                                  conversation::Answer answer);

}  // namespace rondo::openai
