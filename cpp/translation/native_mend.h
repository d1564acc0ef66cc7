#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "google/features.h"

namespace rondo::translation {

// What can be left out of a body in Google's own dialect: settings; signatures, in whose place the
// documented stand-in goes; texts without a letter, which Google's own SDK keeps of streams, with
// the turns that hold nothing else.
bool canMend(google::Feature feature);

struct Mended {
  std::string body;
  google::FeatureSet leftOut;  // What it had of that, and has no more.
};

// The body without what is refused of that: the rest keeps its spelling, byte for byte. Nothing
// when it holds none of it, or is not one JSON object. The names are those of
// ai.google.dev/api/generate-content, in either of the spellings that Google takes.
std::optional<Mended> withoutRefused(std::string_view body, google::FeatureSet refused);

}  // namespace rondo::translation
