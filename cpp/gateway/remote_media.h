#pragma once

#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "gateway/services.h"
#include "translation/remote_media.h"

namespace rondo::gateway {

// Fetches what the back-end doesn't fetch by itself, side by side. Only http and https, only from
// public hosts, redirects included; only images, audio, video, text and PDF; within the bounds of
// addresses, bytes and time in base/bounds.h. The bytes count as held by the request. BadRequest
// with the media's `param` for everything that goes wrong, since the client named the address;
// Transient (`overloaded`) when there is no room for them.
Task<Result<translation::FetchedMedia>> fetchRemoteMedia(
    Exchange& exchange, std::vector<translation::RemoteMedia> wanted);

}  // namespace rondo::gateway
