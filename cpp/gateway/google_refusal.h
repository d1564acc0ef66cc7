#pragma once

#include <string>

#include "gateway/services.h"

namespace rondo::gateway {

// What Google found wrong with a request in its own dialect, in its own words.
struct GoogleRefusal {
  int status = 0;
  std::string body;
};

// Answers with it; `error` is what is made of it for the log. `headers` is added to.
void sendRefusal(Exchange& exchange, const GoogleRefusal& refusal, const Error& error,
                 http::Headers headers);

}  // namespace rondo::gateway
