#pragma once

#include <string>

#include "base/error.h"

namespace rondo::streaming {

// Why an answer can't go on.
struct StreamFault {
  Error error;
  // Google's own {"error":{…}}, when it sent one inside a 200; empty otherwise. The gateway
  // classifies it and, as long as nothing went to the client, may try another credential.
  std::string googleError;
  // What the same call made before the fault, to be written first. Always empty when nothing was
  // handed out before and there is nothing to show.
  std::string output;
};

}  // namespace rondo::streaming
