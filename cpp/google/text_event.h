#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "json/text.h"

namespace rondo::google {

// What nearly all events of a streamed answer hold: a text that goes on, and the counts so far.
// Borrows from the bytes it was read from.
struct TextEvent {
  json::Text text;
  bool isThought = false;
  std::string_view usage;  // The usageMetadata, a JSON object; empty when there is none.
  std::size_t size = 0;    // Bytes of the whole server-sent event.
};

// Reads the server-sent event that `bytes` begin with, in one go over them, without taking the
// document apart. Nothing when it is cut, or holds anything more than one text of candidate 0, or
// is not sound: then it has to be read in the long way, which gives the same for all that is read
// here.
std::optional<TextEvent> readTextEvent(std::string_view bytes);

}  // namespace rondo::google
