#pragma once

#include <string>
#include <vector>

#include "equality/reference_family.h"
#include "equality/reference_messages.h"
#include "equality/target.h"

namespace rondo::equality {

// A part that holds a medium as a part for Google, signature and resolution apart.
Value mediumOf(const Part& part, const Target& target, const Family& family);

}  // namespace rondo::equality
