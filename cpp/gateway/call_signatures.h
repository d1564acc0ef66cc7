#pragma once

#include <string>
#include <vector>

#include "base/task.h"
#include "conversation/request.h"
#include "conversation/signature.h"
#include "gateway/ask.h"
#include "gateway/services.h"
#include "google/model_family.h"

// Thought signatures of calls, kept for the client beyond this isolate: another one that gets the
// calls' results finds them by the calls' ids, where the client doesn't carry them itself. What
// can't be kept or had is done without: then Google gets its documented stand-in.

namespace rondo::gateway {

// The calls of the request whose signatures are to be asked for: those that a model which checks
// signatures will want, and that are known neither to the client nor to this isolate. None where
// nothing is kept for the client.
std::vector<std::string> callsToRecall(const Exchange& exchange,
                                       const conversation::Request& request,
                                       const Targets& targets);

// Asks for them, once and for all of them; the isolate then knows what there is. `exchange`
// outlives the task.
Task<void> recallSignatures(Exchange& exchange, std::vector<std::string> calls);

// Whether those that a model gives are to be kept.
bool keepsSignatures(const Exchange& exchange, const google::ModelFamily& family);

// Has them kept behind the answer.
void keepSignatures(Exchange& exchange, const std::vector<conversation::Envelope>& told);

}  // namespace rondo::gateway
