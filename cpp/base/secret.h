#pragma once

#include <string>
#include <utility>

namespace rondo {

// A text that must never reach a log, an error message or a client. It has no stream operator and
// no conversion: the only way to the characters is to ask for them by `reveal`.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::string text_;
};

}  // namespace rondo
