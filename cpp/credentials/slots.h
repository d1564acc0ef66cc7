#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "credentials/loader.h"

namespace rondo::credentials {

inline constexpr std::string_view kSlotVariable = "GCP_SERVICE_ACCOUNT";
inline constexpr std::string_view kArrayVariable = "GCP_SERVICE_ACCOUNTS";

// A numbered variable. Views into the environment.
struct Slot {
  std::uint32_t number = 0;
  std::string_view variable;
  std::string_view value;
};

struct FoundSlots {
  std::vector<Slot> slots;
  std::vector<CredentialProblem> problems;
};

// The slots that hold something, in numeric order: the unnumbered one is 0, and "_01" is 1 like
// "_1" (both count, in the order of their names). A suffix that is no number is a problem.
FoundSlots findSlots(const Environment& environment);

}  // namespace rondo::credentials
