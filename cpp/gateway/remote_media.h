#pragma once

#include "base/result.h"
#include "base/task.h"
#include "host/host.h"
#include "translation/remote_media.h"

namespace rondo::gateway {

// Fetches what the back-end doesn't fetch by itself. Only http and https, only from public hosts,
// redirects included (three at most); only images, audio, video, text and PDF, up to 10 MiB.
// BadRequest with the media's `param` for everything that goes wrong, since the client named the
// address.
Task<Result<translation::Media>> fetchRemoteMedia(host::Io io, translation::RemoteMedia wanted);

}  // namespace rondo::gateway
