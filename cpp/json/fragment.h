#pragma once

#include <string>
#include <string_view>

#include "json/characters.h"
#include "json/text.h"

namespace rondo::json {

// A value of a document, which it borrows from, to be passed on as it is spelled there.
class Fragment {
 public:
  // `source` is sound JSON; `escapes` tells whether half a surrogate pair is in one of its strings.
  Fragment(std::string_view source, Text::Escapes escapes) : source_(source), escapes_(escapes) {}

  std::string_view source() const { return source_; }
  bool isObject() const { return source_.starts_with('{'); }

  // Appends it as others may see it: without halves of pairs.
  void appendTo(std::string& out) const {
    if (escapes_ == Text::Escapes::HalfPairs) {
      appendWithoutHalfPairs(out, source_);
    } else {
      out += source_;
    }
  }

 private:
  std::string_view source_;
  Text::Escapes escapes_;
};

}  // namespace rondo::json
