#pragma once

#include "equality/target.h"
#include "equality/words.h"

namespace rondo::equality {

// The body of POST /v1/chat/completions: of all kinds that are taken, and some that are refused.
Value anyRequest(Dice& dice);

Target anyTarget(Dice& dice);

// A request that is never refused, for what it settles about its answer.
Value anyAskingRequest(Dice& dice);

}  // namespace rondo::equality
