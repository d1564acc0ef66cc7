#pragma once

#include "conversation/dialect.h"

namespace rondo::gateway {

// Errors in Google's own words, as its SDKs read them (google/rpc/status.proto in its JSON form):
// ErrorInfo with our code as its reason, RetryInfo, and for a day's quota QuotaFailure, by which
// gemini-cli tells that there is no use in waiting.
const conversation::ErrorWords& nativeErrors();

// The same as the only element of an array, as Google tells them where a stream was asked for
// without server-sent events.
const conversation::ErrorWords& nativeArrayErrors();

}  // namespace rondo::gateway
