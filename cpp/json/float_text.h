#pragma once

#include <string>

namespace rondo::json {

// Appends the shortest JSON number that reads back as the same float; null for what JSON has no
// number for.
void appendFloat(std::string& out, float number);

}  // namespace rondo::json
