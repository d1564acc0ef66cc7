#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"

namespace rondo {

// What went wrong, told by what the one who gets it can do about it.
enum class ErrorKind {
  BadRequest,   // The caller's own input is at fault. Never retried, never rotated.
  Forbidden,    // Understood and refused. The same credential will be refused again.
  NotFound,     // No such model, path or entity.
  RateLimited,  // Too many calls. `retryAfter` says when to come back.
  Transient,    // The peer failed this time. Another attempt may work.
  TimedOut,     // As Transient: the peer said nothing for too long.
  Broken,       // The peer answered what makes no sense.
  Unavailable,  // Nothing can serve this until an operator mends something.
  Internal,     // A fault of Rondo itself.
};

// Why one credential can't serve, for `error.details`.
struct ErrorDetail {
  std::string credential;  // Its alias.
  std::string state;       // "cooling", "quarantined"
  std::string reason;      // A stable word: "minute", "invalid_grant".
  std::optional<Instant> until;
};

// An error as a value. `message` is for people and never holds a secret. `code` and `param` are
// those of OpenAI's error object (empty = null): a stable word, and the request field at fault.
struct Error {
  ErrorKind kind = ErrorKind::Internal;
  std::string message;
  std::string code;
  std::string param;
  std::optional<Millis> retryAfter;
  std::vector<ErrorDetail> details;
};

// The client's request is at fault; `param` is the path of the field, as in "messages[2].content".
inline Error badRequest(std::string message, std::string param, std::string code = {}) {
  return {ErrorKind::BadRequest, std::move(message), std::move(code), std::move(param), {}, {}};
}

inline Error makeError(ErrorKind kind, std::string message, std::string code = {}) {
  return {kind, std::move(message), std::move(code), {}, {}, {}};
}

}  // namespace rondo
