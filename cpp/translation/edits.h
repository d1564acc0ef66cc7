#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rondo::translation {

// Changes to a text in places of it that don't overlap. What lies between them stays as it is.
class Edits {
 public:
  void replace(std::size_t begin, std::size_t size, std::string text) {
    edits_.push_back({begin, size, std::move(text)});
  }

  bool empty() const { return edits_.empty(); }

  // The text with all of them made; `text` is what they were noted for.
  std::string applied(std::string_view text) &&;

 private:
  struct Edit {
    std::size_t begin;
    std::size_t size;
    std::string text;
  };

  std::vector<Edit> edits_;
};

}  // namespace rondo::translation
