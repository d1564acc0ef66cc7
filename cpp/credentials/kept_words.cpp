#include "credentials/kept_words.h"

#include <cstddef>

#include "base/utf8.h"

namespace rondo::credentials {
namespace {

constexpr std::size_t kLongestReason = 128;
constexpr std::size_t kLongestRemedy = 1024;

}  // namespace

std::string keptReason(std::string reason) {
  return std::string(beginningOf(reason, kLongestReason));
}

std::string keptRemedy(std::string remedy) {
  return std::string(beginningOf(remedy, kLongestRemedy));
}

}  // namespace rondo::credentials
