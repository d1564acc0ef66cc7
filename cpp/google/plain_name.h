#pragma once

#include <string>
#include <string_view>

namespace rondo::google {

// A member's name as Google reads it, which takes `generation_config` for `generationConfig`: in
// lower case, without underscores.
std::string plainName(std::string_view name);

}  // namespace rondo::google
