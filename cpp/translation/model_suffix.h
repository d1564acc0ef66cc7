#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "conversation/request.h"

namespace rondo::translation {

// Reasoning that was asked for in the model's name: "gemini-3.8-flash(high)", "…(8192)".
struct ThinkingSuffix {
  std::optional<conversation::Effort> effort;
  std::optional<std::int64_t> budget;
};

struct SuffixedModel {
  std::string model;
  ThinkingSuffix suffix;
};

// A suffix in parentheses that is neither an effort nor a number stays part of the name.
SuffixedModel splitModelSuffix(std::string_view model);

}  // namespace rondo::translation
