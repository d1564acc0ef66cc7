#pragma once

#include <cstdint>

namespace rondo::linear {

// The basic blocks of counted code that were gone through since the program began.
std::uint64_t steps();

}  // namespace rondo::linear
