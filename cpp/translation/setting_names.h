#pragma once

#include <optional>
#include <string_view>

#include "conversation/request.h"

namespace rondo::translation {

// The setting that Google names by its own path, "generation_config.max_output_tokens". None for a
// path that stands for none.
std::optional<conversation::Setting> settingOf(std::string_view googleField);

}  // namespace rondo::translation
