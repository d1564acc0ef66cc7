#include "auth/token_endpoint.h"

#include <utility>

namespace rondo::auth {
namespace {

constexpr int kMostAttempts = 3;
constexpr Millis kLastPause{200};
constexpr std::size_t kLongestAnswer = 64 * 1024;

Error unreachable(const Error& cause) {
  return makeError(ErrorKind::Transient, "The token endpoint gave no answer: " + cause.message,
                   "token_endpoint_failed");
}

struct Attempt {
  Result<Minted> grant;
  enum class Next { Stop, Again } next = Next::Stop;
};

Task<Attempt> attemptOnce(host::Clock& clock, host::Io io, http::Request request) {
  const auto asked = clock.now();
  auto fetched = co_await io.fetcher.fetch(std::move(request));
  if (!fetched) co_return Attempt{fail(unreachable(fetched.error())), Attempt::Next::Again};
  const auto body = co_await host::readAll(*fetched->body, kLongestAnswer);
  if (!body) co_return Attempt{fail(unreachable(body.error())), Attempt::Next::Again};
  const int status = fetched->head.status;
  co_return Attempt{readTokenAnswer(status, *body, asked),
                    status >= 500 ? Attempt::Next::Again : Attempt::Next::Stop};
}

}  // namespace

Task<Result<Minted>> askForToken(host::Clock& clock, host::Io io, http::Request request) {
  for (int attempt = 1;; ++attempt) {
    if (attempt == kMostAttempts) co_await io.waiter.wait(host::kNoSignal, kLastPause);
    auto outcome = co_await attemptOnce(clock, io, request);
    if (outcome.next == Attempt::Next::Stop || attempt == kMostAttempts) co_return outcome.grant;
  }
}

}  // namespace rondo::auth
