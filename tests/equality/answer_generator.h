#pragma once

#include <string>
#include <vector>

#include "equality/words.h"

namespace rondo::equality {

// What Google sends for one request: the events of a stream, the last of which ends it as a rule.
std::vector<Value> anyAnswer(Dice& dice);

// The bytes of such an answer as Google sends them.
std::string plainBody(const std::vector<Value>& events);

// The same answer as nobody sends it, but may: another spelling of JSON, of line ends, of events;
// sometimes as one list.
std::string oddBody(const std::vector<Value>& events, Dice& dice);

// Events among which, or behind which, something stands that is none: one of them without `data:`,
// or a line of another kind. It need not say the same.
std::string mixedBody(const std::vector<Value>& events, Dice& dice);

}  // namespace rondo::equality
