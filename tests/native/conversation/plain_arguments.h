#pragma once

#include <string>

#include "conversation/request.h"

namespace rondo::conversation {

// The characters of a call's arguments.
inline std::string plain(const Arguments& arguments) {
  if (const auto* text = std::get_if<json::Text>(&arguments)) return text->plain();
  std::string json;
  std::get<json::Fragment>(arguments).appendTo(json);
  return json;
}

}  // namespace rondo::conversation
