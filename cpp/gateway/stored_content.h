#pragma once

#include <optional>

#include "base/error.h"
#include "conversation/dialect.h"
#include "gateway/client_request.h"
#include "gateway/settings.h"

namespace rondo::gateway {

// Why a request may not name what it names of content that lies at Google's: files in buckets, of
// the Files API, caches. Which of it clients may name is the operator's to say, by STORED_CONTENT
// and by `"stored": false` in a client's key. Nothing when all of it is allowed. Forbidden, with
// the part's path as `param`.
std::optional<Error> refusedContent(const conversation::Sent& sent, const Settings& settings,
                                    const Client& client);

}  // namespace rondo::gateway
