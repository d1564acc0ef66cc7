#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "gateway/services.h"
#include "translation/remote_media.h"

namespace rondo::gateway {

// A file that a request names by its address.
struct WantedFile {
  std::string url;    // http or https, as the client wrote it
  std::string param;  // The request's field, for an error.
};

// Fetches what the back-end doesn't fetch by itself, side by side. Only http and https, only from
// public hosts, redirects included; only images, audio, video, text and PDF; within the bounds of
// addresses, bytes and time in base/bounds.h. The bytes count as held by the request. BadRequest
// with the media's `param` for everything that goes wrong, since the client named the address;
// Transient (`overloaded`) when there is no room for them.
Task<Result<translation::FetchedMedia>> fetchMedia(Exchange& exchange,
                                                   std::vector<WantedFile> wanted);

}  // namespace rondo::gateway
