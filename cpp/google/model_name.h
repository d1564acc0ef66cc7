#pragma once

#include <string>
#include <string_view>

namespace rondo::google {

// A model's bare name: without blanks around it and without "models/", "google/" or
// "publishers/google/models/" in front, in any order.
std::string plainModelName(std::string_view name);

}  // namespace rondo::google
