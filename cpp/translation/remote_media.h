#pragma once

#include <map>
#include <string>
#include <vector>

#include "conversation/request.h"

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

// Who fetches what lies on the web where Google may do it: that is left to it, or done here.
enum class WebMedia { LeftToGoogle, FetchedHere };

// What has to be fetched, and given to `translateRequest`, before `request` can go to Google. Each
// URL once.
std::vector<RemoteMedia> mediaToFetch(const conversation::Request& request, WebMedia webMedia);

}  // namespace rondo::translation
