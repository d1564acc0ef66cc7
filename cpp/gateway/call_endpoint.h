#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/judgement.h"
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
  std::string conversation;  // For the sticky strategy: what tells conversations apart.
};

// Why there is no answer, or none that can be used.
struct Rejection {
  Error error;  // for the client
  enum class Blame {
    Pool,     // Nobody could serve it now: another model may.
    Request,  // It would be refused again, whoever asks.
  } blame = Blame::Pool;
  // Google's refusal, when the request is to blame and Google said so: the caller may mend the
  // request and `repeat`.
  std::string body;
};

// One call to a back-end on a client's behalf: THE ATTEMPT LOOP. Each attempt goes through the next
// credential of the pool; what a refusal means for that credential is told to the pool, and the
// next one is tried within the same request. Bounded by distinct credentials, by MAX_ATTEMPTS and
// by ATTEMPT_DEADLINE_MS. A fault of the request is never tried elsewhere. When all cool and one is
// free again within three seconds, that is waited for.
class EndpointCall {
 public:
  // `exchange` outlives the call.
  EndpointCall(Exchange& exchange, Endpoint endpoint);

  // Attempts until a back-end answers 2xx, and gives that answer; its body has not been read.
  Task<std::expected<host::Fetched, Rejection>> next();

  // The 2xx answer was none, seen before anything went to the client. `googleError` is Google's
  // error object in the stream, or empty. `next` may try elsewhere, or gives up.
  void reject(const Error& error, std::string_view googleError);

  // The answer has begun well: the model works through this credential.
  void accept();

  // `next` goes to the same credential once more.
  void repeat() { repeat_ = true; }

  // The credential of the latest attempt; there has been one.
  const credentials::Credential& credential() const { return *credential_; }

  // x-rondo-credential and x-rondo-attempts.
  http::Headers headers() const;

 private:
  struct Refused {
    google::Refusal refusal;
    std::string body;
    // The error to report should this be the last attempt, when it isn't told by the refusal.
    std::optional<Error> error;
  };

  Task<bool> prepare();
  bool mayTry(Instant now) const;
  const credentials::Credential* pick();
  const credentials::Credential* choose(Instant now);
  Task<bool> waitForReset();
  void use(const credentials::Credential* chosen);
  Task<std::expected<host::Fetched, Refused>> attempt();
  Task<std::expected<host::Fetched, Refused>> send(http::Request request);
  void take(Refused refused);
  void follow(Verdict verdict, const google::Refusal& refusal);
  void skipPlace();
  void record(std::string outcome, const google::Refusal& refusal);
  Rejection exhausted();

  Exchange& exchange_;
  Endpoint endpoint_;
  const credentials::Credential* credential_ = nullptr;
  const credentials::Credential* awayFrom_ = nullptr;
  http::Headers authorization_;
  Instant attemptBegan_;
  Millis waited_{};
  bool repeat_ = false;
  bool isTokenFresh_ = false;
  int attempts_ = 0;
  int busy_ = 0;      // Refusals of a busy shared pool.
  int failures_ = 0;  // Attempts that failed at Google's side.
  std::vector<std::string> tried_;
  std::optional<Error> last_;          // Of the last attempt that failed by other than a quota.
  std::optional<Rejection> passedOn_;  // What ends the call.
};

}  // namespace rondo::gateway
