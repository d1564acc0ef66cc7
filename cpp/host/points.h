#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace rondo::host {

// A database that takes one point for each thing that happened: on Cloudflare, Analytics Engine.
class Points {
 public:
  virtual ~Points() = default;

  // `index` is what the database samples by. Nothing comes back, and nothing waits for it.
  virtual void add(std::string_view index, std::span<const std::string_view> texts,
                   std::span<const std::int64_t> numbers) = 0;
};

}  // namespace rondo::host
