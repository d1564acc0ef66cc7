#pragma once

#include <cstddef>
#include <optional>
#include <string>
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

// Reads such events out of one stream, each in one go over its bytes, without taking the document
// apart.
class TextEventReader {
 public:
  // The server-sent event that `bytes` begin with. Nothing when it is cut, or holds anything more
  // than one text of candidate 0, or is not sound: then it has to be read in the long way, which
  // gives the same for all that is read here.
  std::optional<TextEvent> read(std::string_view bytes);

 private:
  // What the last event had around its text. Most often only digits behind the text change from
  // event to event, and what was sound stays so.
  struct Last {
    std::string head;  // Up to the text, its quote included. Empty: nothing that may recur.
    std::string tail;  // From the text's closing quote on.
    bool isThought = false;
    std::size_t usageBegin = 0;  // In the tail.
    std::size_t usageSize = 0;
    std::size_t indexAt =
        0;  // The candidate's index, the one digit that has a meaning; 0: not told.
  };

  std::optional<TextEvent> readLikeLast(std::string_view bytes) const;
  void remember(const TextEvent& event, std::string_view bytes, std::size_t index);

  Last last_;
};

}  // namespace rondo::google
