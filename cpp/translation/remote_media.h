#pragma once

#include <map>
#include <string>
#include <vector>

#include "conversation/request.h"
#include "google/backend.h"
#include "google/model_family.h"

namespace rondo::translation {

// Something on the web that the back-end doesn't fetch by itself.
struct RemoteMedia {
  std::string url;  // http or https, as the client wrote it; nothing about it is checked here.
  conversation::Place place;
};

struct Media {
  std::string mimeType;
  std::string data;  // base64
};

// By URL.
using FetchedMedia = std::map<std::string, Media, std::less<>>;

// What has to be fetched, and given to `translateRequest`, before `request` can go to `backend`.
// Each URL once.
std::vector<RemoteMedia> mediaToFetch(const conversation::Request& request, google::Backend backend,
                                      const google::ModelFamily& family);

}  // namespace rondo::translation
