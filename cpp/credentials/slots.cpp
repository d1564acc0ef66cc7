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

// "GCP_SERVICE_ACCOUNT2" and "GCP_SERVICE_ACCOUNTS_2" are meant for slots; "GCP_SERVICE_ACCOUNTANT"
// is somebody else's.
bool isMistaken(std::string_view suffix) {
  if (suffix.starts_with('S')) suffix.remove_prefix(1);
  return suffix.starts_with('_') || (!suffix.empty() && suffix[0] >= '0' && suffix[0] <= '9');
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
    } else if (isMistaken(suffix)) {
      found.problems.push_back(
          {variable,
           "is not used: credentials are GCP_SERVICE_ACCOUNT_1, GCP_SERVICE_ACCOUNT_2 …"});
    }
  }
  std::ranges::sort(found.slots, {},
                    [](const Slot& slot) { return std::tuple(slot.number, slot.variable); });
  return found;
}

}  // namespace rondo::credentials
