#include "translation/remote_media.h"

#include <functional>
#include <set>

#include "translation/media.h"

namespace rondo::translation {

std::vector<RemoteMedia> mediaToFetch(const openai::ChatRequest& request, google::Backend backend,
                                      const google::ModelFamily& family) {
  std::vector<RemoteMedia> wanted;
  std::set<std::string, std::less<>> seen;
  for (const openai::Message& message : request.messages) {
    for (const openai::ContentPart& part : message.content) {
      const auto source = mediaSource(part, {backend, family});
      if (!source || !*source || (*source)->fetch.empty()) continue;
      const bool isNew = seen.emplace((*source)->fetch).second;
      if (isNew) wanted.push_back({std::string((*source)->fetch), std::string(mediaPath(part))});
    }
  }
  return wanted;
}

}  // namespace rondo::translation
