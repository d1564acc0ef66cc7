#include "translation/unique_names.h"

namespace rondo::translation {
namespace {

// For a number of seven digits, more than a request has values.
constexpr std::size_t kNumberBytes = 8;

}  // namespace

bool UniqueNames::take(std::string_view name) {
  return name.size() <= longest_ && taken_.emplace(name).second;
}

// All names with the same beginning count on from one number, and a taken name has one beginning
// and one number: it stands in the way once.
std::string UniqueNames::takeLike(std::string_view name) {
  if (take(name)) return std::string(name);
  const std::string beginning(name.substr(0, longest_ - kNumberBytes));
  std::size_t& number = numbers_.try_emplace(beginning, 1).first->second;
  for (;;) {
    std::string numbered = beginning + '_' + std::to_string(++number);
    if (take(numbered)) return numbered;
  }
}

}  // namespace rondo::translation
