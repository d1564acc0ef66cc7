#pragma once

#include <string>
#include <vector>

#include "conversation/dialect.h"
#include "openai/chat_dialect.h"

namespace rondo::linear {

// A kind of request that has as much of something as one likes.
struct Kind {
  const char* name;
  std::string (*make)(int size);
  int size = 4000;  // What to begin with: twice as much is still within the bounds.
  const conversation::Dialect& (*dialect)() = openai::chatDialect;
};

// What a careless reader would take a quadratic time for.
const std::vector<Kind>& kinds();

}  // namespace rondo::linear
