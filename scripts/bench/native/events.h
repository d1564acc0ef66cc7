#pragma once

#include <string>

// Answers of Google's, the same in every run.

namespace rondo::bench {

// An event of a stream with some 60 characters of text; `index` counts its tokens.
std::string middleEvent(int index);

// So many of them, from the first on.
std::string middleEvents(int count);

// The one that tells why the stream ends.
std::string lastEvent();

// An answer in one piece, of some 6000 characters.
std::string wholeAnswer();

// So many vectors of 768 numbers, in seventeen digits as Vertex AI spells floats.
std::string predictions(std::size_t count);

}  // namespace rondo::bench
