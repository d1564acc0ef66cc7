#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "http/headers.h"

namespace rondo::http {

// A whole request. `url` is absolute when it goes out to a back-end, and the path with its query
// when it came in from a client.
struct Request {
  std::string method;
  std::string url;
  Headers headers;
  std::string body;
  // How long the whole exchange may take, body included; nothing: as long as it takes.
  std::optional<Millis> timeout = {};
  // The host that `url` was found to name, when somebody else wrote it: what reads it otherwise
  // must not fetch it. Lower case.
  std::optional<std::string> judgedHost = {};
  // Held: in place of `body` goes that of the client's request, which the host holds.
  enum class BodySource { Own, Held } source = BodySource::Own;
};

struct ResponseHead {
  int status = 200;
  Headers headers;
};

struct Response {
  ResponseHead head;
  std::string body;
};

}  // namespace rondo::http
