#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

// Reasoning that is asked for in the model's name, as "gemini-3.8-flash(high)".

namespace rondo::equality {

// What stands in the parentheses at the end of a name; empty without any.
inline std::string suffixOf(const std::string& model) {
  const std::size_t open = model.rfind('(');
  if (open == std::string::npos || !model.ends_with(')')) return {};
  return model.substr(open + 1, model.size() - open - 2);
}

// The budget that a suffix tells, -1 for a dynamic one.
inline std::optional<std::int64_t> budgetIn(const std::string& suffix) {
  std::int64_t budget = 0;
  const char* const end = suffix.data() + suffix.size();
  const auto read = std::from_chars(suffix.data(), end, budget);
  if (suffix.empty() || read.ec != std::errc() || read.ptr != end || budget < -1) {
    return std::nullopt;
  }
  return budget;
}

}  // namespace rondo::equality
