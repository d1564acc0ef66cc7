#include "translation/remote_media.h"

#include <functional>
#include <set>

#include "conversation/media.h"
#include "translation/media.h"

namespace rondo::translation {

std::vector<RemoteMedia> mediaToFetch(const conversation::Request& request, WebMedia webMedia) {
  std::vector<RemoteMedia> wanted;
  std::set<std::string, std::less<>> seen;
  conversation::forEachMedium(request, [&](const conversation::MediaPart& medium) {
    const auto source = mediaSource(medium, request, webMedia);
    if (!source || source->fetch.empty()) return;
    const bool isNew = seen.emplace(source->fetch).second;
    if (isNew) wanted.push_back({std::string(source->fetch), placeOf(medium)});
  });
  return wanted;
}

}  // namespace rondo::translation
