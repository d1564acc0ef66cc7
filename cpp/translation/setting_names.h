#pragma once

#include <string>
#include <string_view>

#include "openai/chat_request.h"

namespace rondo::translation {

// The client's field for what Google names by its own path, "generation_config.max_output_tokens":
// the one of several that the request has. A path that stands for none comes back as it is.
std::string settingName(const openai::ChatRequest& request, std::string_view googleField);

}  // namespace rondo::translation
