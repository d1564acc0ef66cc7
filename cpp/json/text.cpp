#include "json/text.h"

#include <utility>

#include "json/characters.h"

namespace rondo::json {
namespace {

std::string unescape(std::string_view spelling) {
  std::string out;
  out.reserve(spelling.size());
  while (!spelling.empty()) {
    const std::size_t backslash = spelling.find('\\');
    out += spelling.substr(0, backslash);
    if (backslash == std::string_view::npos) break;
    spelling.remove_prefix(backslash);
    const std::size_t length = escapeLength(spelling);
    appendUnescaped(out, spelling.substr(0, length));
    spelling.remove_prefix(length);
  }
  return out;
}

}  // namespace

std::string Text::plain() const {
  return hasEscapes() ? unescape(spelling_) : std::string(spelling_);
}

void Text::appendTo(std::string& out) const {
  if (escapes_ == Escapes::HalfPairs) {
    appendWithoutHalfPairs(out, spelling_);
  } else {
    out += spelling_;
  }
}

bool operator==(const Text& text, std::string_view plain) {
  return text.hasEscapes() ? text.plain() == plain : text.spelling_ == plain;
}

void TextBuilder::append(const Text& text) {
  text.appendTo(spelling_);
  if (text.hasEscapes()) escapes_ = Text::Escapes::Present;
}

void TextBuilder::append(std::string_view plain) {
  const std::size_t before = spelling_.size();
  appendSpelling(spelling_, plain);
  // An escape makes it longer, or else is a U+FFFD that was put in the place of a broken byte.
  if (spelling_.size() - before != plain.size()) escapes_ = Text::Escapes::Present;
}

void TextBuilder::append(TextBuilder other) {
  if (empty()) {
    *this = std::move(other);
  } else {
    append(other.view());
  }
}

PlainText::PlainText(const Text& text) {
  if (text.hasEscapes()) {
    owned_ = text.plain();
  } else {
    borrowed_ = text.spelling();
  }
}

}  // namespace rondo::json
