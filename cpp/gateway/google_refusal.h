#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/attempt.h"
#include "gateway/services.h"
#include "google/error.h"

namespace rondo::gateway {

// What Google found wrong with a request in its own dialect, in its own words.
struct GoogleRefusal {
  int status = 0;
  std::string body;
};

// In one line, without what it may tell of the credential; nothing where that leaves no JSON.
std::optional<GoogleRefusal> readRefusal(int status, std::string_view body);

// Whether a refusal of the attempt's credential may be meant for the method alone, where a client
// has chosen that: then the credential is as good for all others, and must not be taken out for it.
// A token is renewed first, since it may just be over.
bool isOfMethod(const google::Refusal& refusal, const Attempt& attempt);

// The same refusal, as one from which nothing follows for the credential.
google::Refusal ofMethod(google::Refusal refusal);

// Answers with it; `error` is what is made of it for the log. `headers` is added to.
void sendRefusal(Exchange& exchange, const GoogleRefusal& refusal, const Error& error,
                 http::Headers headers);

}  // namespace rondo::gateway
