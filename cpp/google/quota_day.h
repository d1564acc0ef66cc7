#pragma once

#include "base/time.h"

namespace rondo::google {

// The next midnight in California after `now`, when the Gemini API's daily quotas start again
// ("Rate limits", ai.google.dev). Daylight saving is by the rule that holds since 2007 (15 U.S.C.
// 260a): from the second Sunday of March to the first Sunday of November, at 2 o'clock.
Instant nextPacificMidnight(Instant now);

}  // namespace rondo::google
