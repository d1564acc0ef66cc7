#pragma once

#include <vector>

#include "google/answer.h"

// The parts of a candidate that tell about its text: where it comes from, how sure it is.

namespace rondo::google {

// citationMetadata, under both names that its list goes by. One without an address is left out.
std::vector<Citation> readCitations(json::Node candidate);

// groundingMetadata: each supported stretch with each of the chunks it names. Stretches without a
// chunk that has an address are left out.
std::vector<Citation> readGrounding(json::Node candidate);

// logprobsResult: entry i tells of output token i.
std::vector<TokenScore> readScores(json::Node candidate);

}  // namespace rondo::google
