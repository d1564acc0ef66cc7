#pragma once

#include <string>
#include <vector>

#include "conversation/request.h"

namespace rondo::translation {

// The ids by which Google gets to know the calls of one turn, and their results: the client's,
// which as a rule are those that Google gave, each once. Where the client sends an id twice or
// none, one is made. What was carried in an id beside it is taken off, and none is longer than 256
// bytes.
std::vector<std::string> callIdsForGoogle(const std::vector<const conversation::CallPart*>& calls);

}  // namespace rondo::translation
