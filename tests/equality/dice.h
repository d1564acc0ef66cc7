#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace rondo::equality {

// Numbers that depend on the seed alone, so that an input can be had again. (Knuth's MMIX
// generator.)
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 2654435761U + 1) {
    for (int i = 0; i < 4; ++i) below(2);
  }

  std::size_t below(std::size_t bound) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(state_ >> 33) % bound;
  }

  // True once in `times`.
  bool once(std::size_t times) { return below(times) == 0; }

  template <class T>
  T of(std::initializer_list<T> choices) {
    return *(choices.begin() + below(choices.size()));
  }

 private:
  std::uint64_t state_;
};

}  // namespace rondo::equality
