#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::telemetry {

// What a name is counted as that came when there was no room for another.
inline constexpr std::string_view kOther = "other";
// A model that nobody knows to be real, or a request that named none.
inline constexpr std::string_view kUnknown = "unknown";

// Names that are counted by, each as a small number. Bounded: what comes after the last that there
// is room for is `kOther`.
class Names {
 public:
  static constexpr std::size_t kMostNames = 64;
  using Index = std::uint8_t;
  static constexpr Index kOthers = 0;  // The number of `kOther`.

  // The name's number; the same for the same name.
  Index indexOf(std::string_view name);
  const std::string& nameOf(Index index) const { return names_[index]; }
  std::size_t size() const { return names_.size(); }

 private:
  std::vector<std::string> names_{std::string(kOther)};
};

}  // namespace rondo::telemetry
