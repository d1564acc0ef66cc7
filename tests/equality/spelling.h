#pragma once

#include <string>

#include "equality/dice.h"
#include "json/value.h"

namespace rondo::equality {

// The document in a spelling of its own: white space anywhere between tokens, characters as they
// are or escaped in any of the ways there are. Numbers are as nlohmann writes them.
std::string spelled(const json::Value& document, Dice& dice);

}  // namespace rondo::equality
