#pragma once

#include <string>

#include "equality/dice.h"
#include "json/value.h"

// Texts, numbers and whole values of all kinds that JSON knows, the awkward ones among them.

namespace rondo::equality {

using json::Value;

// Any text: empty, plain, with every escape, of all lengths of UTF-8, now and then long.
std::string anyText(Dice& dice);

// Text that is or looks like JSON, as in a call's arguments.
std::string jsonText(Dice& dice);

std::string base64Text(Dice& dice);

// Mostly a thought signature; sometimes a damaged one.
std::string signature(Dice& dice);

Value anyNumber(Dice& dice);
Value anyValue(Dice& dice, int depth);
Value anyObject(Dice& dice, int depth);
Value anySchema(Dice& dice, int depth);

// Changes one place in the document: another value, null, a field more or a field less.
void damage(Value& document, Dice& dice);

}  // namespace rondo::equality
