#pragma once

#include <variant>

#include "conversation/request.h"

namespace rondo::conversation {

// Calls `see` with each medium of a request, those in results of calls too, in order.
template <class See>
void forEachMedium(const Request& request, See see) {
  for (const Turn& turn : request.turns) {
    for (const Part& part : turn.parts) {
      if (const auto* medium = std::get_if<MediaPart>(&part)) see(*medium);
      const auto* result = std::get_if<CallResult>(&part);
      if (!result) continue;
      for (const Content& content : result->content) {
        if (const auto* medium = std::get_if<MediaPart>(&content)) see(*medium);
      }
    }
  }
}

}  // namespace rondo::conversation
