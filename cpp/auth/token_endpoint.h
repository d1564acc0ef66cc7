#pragma once

#include "auth/token_answer.h"
#include "base/result.h"
#include "base/task.h"
#include "host/host.h"
#include "http/message.h"

namespace rondo::auth {

// Sends a token request and reads the answer. After no answer or a 5xx it is sent again, at most
// twice, with a short pause before the last time. The errors are those of AuthManager::authorize.
Task<Result<Minted>> askForToken(host::Clock& clock, host::Io io, http::Request request);

}  // namespace rondo::auth
