#pragma once

#include <cstdint>
#include <span>

namespace rondo::host {

// Random bytes fit for identifiers. Not available before the first request.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

}  // namespace rondo::host
