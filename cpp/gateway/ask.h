#pragma once

#include <expected>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "gateway/attempt.h"
#include "gateway/model_name.h"
#include "gateway/question.h"
#include "gateway/services.h"

namespace rondo::gateway {

// Whom a question goes to: the model that was asked for, and those that may stand in for it, best
// first.
struct Targets {
  ModelName model;
  std::vector<ModelName> fallbacks;
};

// The model that a client names, with those of MODEL_FALLBACKS for its own name, else for Google's,
// as far as its key allows them; none when the request forbids it. BadRequest for a name that is
// none, NotFound for one that the key doesn't allow.
Result<Targets> targetsOf(const Settings& settings, const ClientRequest& request,
                          std::string_view name);

// What was answered, or why nothing was, and by which model.
struct Asked {
  ModelName model;
  std::expected<Attempt, Error> attempt;
};

// Asks a model, whatever it is that is asked. When the pool can't serve it, those that may stand in
// are asked in their order; should none serve, the error is the first model's. `exchange` and
// `question` outlive the task.
Task<Asked> ask(Exchange& exchange, Question& question, Targets targets);

// What an answer tells about its making: credential, attempts, model, what was adjusted.
http::Headers answerHeaders(const Exchange& exchange, const ModelName& model,
                            const Attempt* attempt);

// Adds a word to what `x-rondo-adjusted` tells.
void tellAdjusted(http::Headers& headers, std::string_view word);

}  // namespace rondo::gateway
