#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "conversation/request.h"
#include "translation/signature_store.h"

namespace rondo::translation {

// The ids of the calls on which Google wants a signature that is nowhere to be found: neither has
// the client brought one, nor is it `known`. Those are the first calls of the steps of the current
// exchange (translation/turns.h); of more than `most`, the latest. Each once, and none that can't
// have been told by us.
std::vector<std::string> unsignedCalls(const conversation::Request& request,
                                       const ClientSignatures& known, std::size_t most);

}  // namespace rondo::translation
