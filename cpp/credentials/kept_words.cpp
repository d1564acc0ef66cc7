#include "credentials/kept_words.h"

#include <cstddef>
#include <utility>

namespace rondo::credentials {
namespace {

constexpr std::size_t kLongestReason = 128;
constexpr std::size_t kLongestRemedy = 1024;

std::string beginningOf(std::string text, std::size_t length) {
  if (text.size() <= length) return text;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
  text.resize(length);
  return text;
}

}  // namespace

std::string keptReason(std::string reason) {
  return beginningOf(std::move(reason), kLongestReason);
}

std::string keptRemedy(std::string remedy) {
  return beginningOf(std::move(remedy), kLongestRemedy);
}

}  // namespace rondo::credentials
