#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "base/task.h"
#include "gateway/question.h"
#include "gateway/services.h"
#include "http/headers.h"

namespace rondo::gateway {

// An answer of Google's that goes to the client as it came. Nothing of it is looked at but how a
// stream begins, since an error there can still be made good by another attempt.
class PassedAnswer {
 public:
  // `exchange` outlives it.
  explicit PassedAnswer(Exchange& exchange) : exchange_(exchange) {}

  // Takes an answer in place of the last one.
  void take(host::Fetched answer);
  // The same for a stream, which is read until it can be told how it begins. Gives what speaks
  // against it; then it isn't kept.
  Task<std::optional<AnswerFault>> takeStream(host::Fetched answer);

  // Answers with what was taken, `headers` added. That it breaks off is logged.
  Task<void> passOn(http::Headers headers);

 private:
  Task<std::optional<AnswerFault>> peek();
  Task<std::optional<AnswerFault>> errorIn(std::string beginning);
  void noteBroken(const Error& error);

  Exchange& exchange_;
  host::Fetched answer_;
  std::string opening_;  // What of the answer was looked at.
};

}  // namespace rondo::gateway
