#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rondo::frames {

// Texts as abi.h puts them in a row, and what lies behind them. All look into the bytes they were
// read from.
struct Texts {
  std::vector<std::string_view> all;
  std::string_view rest;
};

// Broken when the bytes are no such row.
Result<Texts> readTexts(std::string_view bytes);

std::string writeTexts(std::span<const std::string_view> texts);

}  // namespace rondo::frames
