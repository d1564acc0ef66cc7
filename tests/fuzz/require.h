#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/value.h"

namespace rondo::fuzz {

// Ends the program, which is how a finding is told. `evidence` is what doesn't hold.
inline void require(bool holds, std::string_view rule, std::string_view evidence) {
  if (holds) return;
  std::string text = "BROKEN: ";
  text.append(rule).append("\n").append(evidence.substr(0, 4000)).append("\n");
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::abort();
}

// A document of ours, which may be larger than what json::parse takes in.
inline json::Value readOwn(std::string_view text, std::string_view rule) {
  auto value = json::Value::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  require(!value.is_discarded(), rule, text);
  return value;
}

}  // namespace rondo::fuzz
