#include "credentials/slots.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <tuple>

#include "base/ascii.h"

namespace rondo::credentials {
namespace {

std::optional<std::uint32_t> numberOf(std::string_view suffix) {
  std::uint32_t number = 0;
  const auto* end = suffix.data() + suffix.size();
  const auto [stop, error] = std::from_chars(suffix.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

}  // namespace

FoundSlots findSlots(const Environment& environment) {
  FoundSlots found;
  for (const auto& [variable, value] : environment) {
    if (!variable.starts_with(kSlotVariable) || trim(value).empty()) continue;
    auto suffix = std::string_view(variable).substr(kSlotVariable.size());
    if (suffix.empty()) {
      found.slots.push_back({0, variable, value});
    } else if (suffix.front() == '_') {
      if (const auto number = numberOf(suffix.substr(1))) {
        found.slots.push_back({*number, variable, value});
      } else {
        found.problems.push_back({variable, "is not used: its name must end in a number"});
      }
    }
  }
  std::ranges::sort(found.slots, {},
                    [](const Slot& slot) { return std::tuple(slot.number, slot.variable); });
  return found;
}

}  // namespace rondo::credentials
