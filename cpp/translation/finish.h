#pragma once

#include <string_view>

#include "base/result.h"
#include "conversation/answer.h"

namespace rondo::translation {

// How an answer came. A streamed one tells its end by a reason; a whole one, which is a JSON object
// of its own, is complete without any.
enum class AnswerForm { Streamed, Whole };

// What a choice turned out to hold.
struct ChoiceOutcome {
  std::string_view reason;   // Google's finishReason; empty when none came and one had to.
  std::string_view message;  // Google's finishMessage.
  bool hasCalls = false;
  bool hasContent = false;  // Text or images; thoughts don't count.
  bool hasBrokenCall = false;
};

// Google's finish reason, an open set, in ours. Any but STOP explains why there is
// nothing to show. The errors:
//   upstream_incomplete  no reason came; alone of these, Transient
//   malformed_answer     the model made a call or an answer that can't be read
//   empty_answer         it is said to be complete, yet there is nothing to show
Result<conversation::FinishReason> finishReason(const ChoiceOutcome& outcome);

}  // namespace rondo::translation
