#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/services.h"
#include "google/address.h"
#include "google/error.h"
#include "host/fetcher.h"

namespace rondo::gateway {

// What is asked of a back-end. The body may depend on who asks, so it is made for each attempt.
struct Endpoint {
  std::string model;  // Google's name. What cools, cools for it.
  google::Method method = google::Method::GenerateContent;
  std::function<Task<Result<std::string>>(const credentials::Credential&)> bodyFor;
  // The id of the credential to begin with while it is free, whosever turn it is. May be empty.
  std::string preferred;
};

// Why there is no answer, or none that can be used.
struct Rejection {
  Error error;  // for the client
  // Google's refusal when the request itself is at fault, and its body: the caller may mend the
  // request and `repeat`.
  std::optional<google::Refusal> refusal;
  std::string body;
};

// One call to a back-end on a client's behalf: THE ATTEMPT LOOP. Each attempt goes through the next
// credential of the pool; what a refusal means for that credential is told to the pool, and the
// next one is tried within the same request. Bounded by distinct credentials, by MAX_ATTEMPTS and
// by ATTEMPT_DEADLINE_MS. A fault of the request is never tried elsewhere.
class EndpointCall {
 public:
  // `exchange` outlives the call.
  EndpointCall(const Exchange& exchange, Endpoint endpoint);

  // Attempts until a back-end answers 2xx, and gives that answer; its body has not been read.
  Task<std::expected<host::Fetched, Rejection>> next();

  // The 2xx answer was none, seen before anything went to the client. `googleError` is Google's
  // error object in the stream, or empty. Gives the error to answer with when the request itself
  // is at fault; else `next` may try elsewhere.
  std::optional<Error> reject(const Error& error, std::string_view googleError);

  // The answer has begun well: the model works through this credential.
  void accept();

  // `next` goes to the same credential once more.
  void repeat() { repeat_ = true; }

  // The credential of the latest attempt; there has been one.
  const credentials::Credential& credential() const { return *credential_; }
  int attempts() const { return attempts_; }

  // x-rondo-credential and x-rondo-attempts.
  http::Headers headers() const;

 private:
  struct Refused {
    google::Refusal refusal;
    std::string body;
    // The error to report should this be the last attempt, when it isn't told by the refusal.
    std::optional<Error> error;
  };
  enum class Verdict { TryOn, PassOn };

  const credentials::Credential* pick();
  const credentials::Credential* preferred(Instant now) const;
  Task<std::expected<host::Fetched, Refused>> attempt();
  Task<std::expected<host::Fetched, Refused>> send(http::Request request);
  Verdict judge(const google::Refusal& refusal);
  Verdict judgeToken();
  void skipPlace();
  void log(const google::Refusal& refusal) const;
  Error exhausted() const;

  const Exchange& exchange_;
  Endpoint endpoint_;
  Instant deadline_;
  const credentials::Credential* credential_ = nullptr;
  http::Headers authorization_;
  bool repeat_ = false;
  bool refreshed_ = false;  // The current credential has had its token replaced already.
  int attempts_ = 0;
  std::vector<std::string> tried_;
  std::optional<Error> last_;  // Of the last attempt that failed by other than a quota.
};

}  // namespace rondo::gateway
