#pragma once

#include <string>

#include "equality/reference_tools.h"
#include "equality/target.h"

namespace rondo::equality {

// What is asked of the model in words, since it has no field for it; empty when nothing.
std::string jsonInstruction(const Value& request, const Tools& tools, const Family& family);

// Adds `generationConfig` to a body, when the client set anything.
void addConfig(Value& body, const Value& request, const Tools& tools, const Target& target);

}  // namespace rondo::equality
