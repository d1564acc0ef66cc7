#pragma once

#include <string>
#include <vector>

#include "equality/reference_tools.h"
#include "equality/target.h"

namespace rondo::equality {

// Adds `contents` and `systemInstruction` to a body. `instruction` is one more for the model.
void addContents(Value& body, const std::vector<Message>& messages, const Names& names,
                 const Target& target, const std::string& instruction);

}  // namespace rondo::equality
