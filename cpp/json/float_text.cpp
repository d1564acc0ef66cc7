#include "json/float_text.h"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace rondo::json {

// By the library's own algorithm, as Writer::number.
void appendFloat(std::string& out, float number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  std::array<char, 32> digits{};
  const char* end =
      nlohmann::detail::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

}  // namespace rondo::json
