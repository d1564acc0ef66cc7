#pragma once

#include "base/task.h"
#include "conversation/dialect.h"
#include "gateway/ask.h"
#include "gateway/services.h"

namespace rondo::gateway {

// Several answers to one request, where a model gives one a call: asked for side by side, each as
// a request of its own would be, and told as one answer.
struct SeveralAnswers {
  conversation::Answer answer;  // Each is a choice.
  // Of the first that came, or why none did. Told as `n` in `adjusted` when some are lacking.
  Asked asked;
};

// `sent` are as many readings of the same body, at least one; only the first one's format is used
// by the caller. `exchange` outlives the task, and holds the body until its end.
Task<SeveralAnswers> askSeveral(Exchange& exchange, std::vector<conversation::Sent> sent,
                                Targets targets);

}  // namespace rondo::gateway
