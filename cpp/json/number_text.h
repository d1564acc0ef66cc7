#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Numbers as JSON spells them.

namespace rondo::json {

// The value of a sound JSON number, an infinity when it is beyond all doubles.
double doubleOf(std::string_view number);

// Appends the shortest JSON number that reads back as the same float; null for what JSON has no
// number for.
void appendFloat(std::string& out, float number);

// The float nearest to a sound JSON number, an infinity when that is beyond all floats.
float floatOf(std::string_view number);

}  // namespace rondo::json
