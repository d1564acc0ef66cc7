#pragma once

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

namespace rondo {

// Bytes from malloc, freed with their owner. What a body of tens of megabytes is passed on in,
// since a std::string could only copy it.
class OwnedBytes {
 public:
  OwnedBytes() = default;

  // Takes over a block from malloc; null when `size` is 0.
  static OwnedBytes adopt(void* block, std::size_t size) {
    return {static_cast<char*>(block), 0, size};
  }

  static OwnedBytes copyOf(std::string_view bytes) {
    if (bytes.empty()) return {};
    auto* block = static_cast<char*>(std::malloc(bytes.size()));
    if (!block) std::abort();
    std::memcpy(block, bytes.data(), bytes.size());
    return adopt(block, bytes.size());
  }

  // Valid while this owner holds the bytes.
  std::string_view view() const { return {block_.get() + begin_, size_}; }

  // Without the first `count` bytes, of which there are as many.
  OwnedBytes withoutPrefix(std::size_t count) && {
    return {block_.release(), begin_ + count, size_ - count};
  }

 private:
  struct Free {
    void operator()(char* block) const { std::free(block); }
  };

  OwnedBytes(char* block, std::size_t begin, std::size_t size)
      : block_(block), begin_(begin), size_(size) {}

  std::unique_ptr<char, Free> block_;
  std::size_t begin_ = 0;
  std::size_t size_ = 0;
};

}  // namespace rondo
