#pragma once

#include <string>

#include "equality/dice.h"
#include "json/value.h"

namespace rondo::equality {

// The document in a spelling of its own: white space anywhere between tokens, characters as they
// are or escaped in any of the ways there are. Numbers are as nlohmann writes them. Now and then a
// key comes twice, of which the last counts.
std::string spelled(const json::Value& document, Dice& dice);

// The text with a place or two damaged: as a rule it is no JSON any more.
std::string garbled(std::string text, Dice& dice);

}  // namespace rondo::equality
