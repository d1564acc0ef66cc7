#pragma once

#include <vector>

#include "google/answer.h"

// The parts of a candidate that tell about its text: where it comes from, how sure it is.

namespace rondo::google {

// Of one answer: what comes beyond is left out.
inline constexpr std::size_t kMaxCitations = 4096;

// citationMetadata, under both names that its list goes by. One without an address is left out.
std::vector<Citation> readCitations(json::Node candidate);

// groundingMetadata: each supported stretch with each of the chunks it names. Stretches without a
// chunk that has an address are left out. An address of over 4 KiB is none, and such a title
// neither.
std::vector<Citation> readGrounding(json::Node candidate);

// groundingMetadata: what was searched for on the web, and each page that was found. At most
// kMaxCitations of each.
Searches readSearches(json::Node candidate);

// logprobsResult: entry i tells of output token i.
std::vector<TokenScore> readScores(json::Node candidate);

}  // namespace rondo::google
