#pragma once

#include <variant>

#include "conversation/request.h"

namespace rondo::conversation {

// Calls `see` with each medium of a turn, those in results of calls too, in order. `turn` is a
// Turn, which may be const.
template <class AnyTurn, class See>
void forEachMediumOf(AnyTurn& turn, See& see) {
  for (auto& part : turn.parts) {
    if (auto* medium = std::get_if<MediaPart>(&part)) see(*medium);
    auto* result = std::get_if<CallResult>(&part);
    if (!result) continue;
    for (auto& content : result->content) {
      if (auto* medium = std::get_if<MediaPart>(&content)) see(*medium);
    }
  }
}

// The same of a request, which may be const.
template <class AnyRequest, class See>
void forEachMedium(AnyRequest& request, See see) {
  for (auto& turn : request.turns) forEachMediumOf(turn, see);
}

}  // namespace rondo::conversation
