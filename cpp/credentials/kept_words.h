#pragma once

#include <string>

namespace rondo::credentials {

// Google's words as far as they are kept, each up to the end of a character of UTF-8: a reason's
// first 128 bytes, a remedy's first 1024.
std::string keptReason(std::string reason);
std::string keptRemedy(std::string remedy);

}  // namespace rondo::credentials
