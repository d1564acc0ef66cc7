#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace rondo::translation {

// Gives each name out once. However many names are alike, each takes a constant number of steps on
// the average.
class UniqueNames {
 public:
  // No name that is given out is longer than `longest` bytes, of which a number takes some.
  explicit UniqueNames(std::size_t longest) : longest_(longest) {}

  // Takes `name` as it is, if it is still free.
  bool take(std::string_view name);

  // Takes `name` if it is still free, or else with the first free number behind it: "f_2", "f_3" …
  // Long names are cut for that.
  std::string takeLike(std::string_view name);

 private:
  std::size_t longest_;
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, std::size_t> numbers_;  // The last one behind each name.
};

}  // namespace rondo::translation
