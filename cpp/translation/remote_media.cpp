#include "translation/remote_media.h"

#include <functional>
#include <set>

#include "translation/media.h"

namespace rondo::translation {

namespace {

using conversation::Content;
using conversation::MediaPart;

// All media of a request, in order.
template <class See>
void forEachMedium(const conversation::Request& request, See see) {
  for (const conversation::Turn& turn : request.turns) {
    for (const conversation::Part& part : turn.parts) {
      if (const auto* medium = std::get_if<MediaPart>(&part)) see(*medium);
      const auto* result = std::get_if<conversation::CallResult>(&part);
      if (!result) continue;
      for (const Content& content : result->content) {
        if (const auto* medium = std::get_if<MediaPart>(&content)) see(*medium);
      }
    }
  }
}

}  // namespace

std::vector<RemoteMedia> mediaToFetch(const conversation::Request& request, google::Backend backend,
                                      const google::ModelFamily& family) {
  std::vector<RemoteMedia> wanted;
  std::set<std::string, std::less<>> seen;
  forEachMedium(request, [&](const MediaPart& medium) {
    const auto source = mediaSource(medium, request, {backend, family});
    if (!source || source->fetch.empty()) return;
    const bool isNew = seen.emplace(source->fetch).second;
    if (isNew) wanted.push_back({std::string(source->fetch), placeOf(medium)});
  });
  return wanted;
}

}  // namespace rondo::translation
