#include "google/stream_opening.h"

namespace rondo::google {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view withoutBlanks(std::string_view bytes) {
  const auto begin = bytes.find_first_not_of(kBlanks);
  return begin == std::string_view::npos ? std::string_view() : bytes.substr(begin);
}

// What is expected, or as much of it as has come, is taken off. Nothing: it is something else.
enum class Taken { All, Part, Nothing };

Taken take(std::string_view& bytes, std::string_view expected) {
  bytes = withoutBlanks(bytes);
  if (bytes.starts_with(expected)) {
    bytes.remove_prefix(expected.size());
    return Taken::All;
  }
  return expected.starts_with(bytes) ? Taken::Part : Taken::Nothing;
}

}  // namespace

Opening openingOf(std::string_view bytes) {
  for (const std::string_view frame : {"data:", "["}) {
    if (take(bytes, frame) == Taken::Part) return Opening::Undecided;
  }
  for (const std::string_view token : {"{", "\"error\""}) {
    const Taken taken = take(bytes, token);
    if (taken == Taken::Part) return Opening::Undecided;
    if (taken == Taken::Nothing) return Opening::Answer;
  }
  return Opening::Error;
}

}  // namespace rondo::google
