#pragma once

#include <string>

#include "host/entropy.h"

namespace rondo::gateway {

// 24 random characters of [A-Za-z0-9], about 142 bits.
std::string randomId(host::Entropy& entropy);

}  // namespace rondo::gateway
