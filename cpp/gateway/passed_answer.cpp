#include "gateway/passed_answer.h"

#include <utility>

#include "base/bounds.h"
#include "gateway/pool_errors.h"
#include "google/stream_opening.h"

namespace rondo::gateway {
namespace {

Error emptyAnswer() {
  return makeError(ErrorKind::Broken, "A server error: Google's answer is empty.",
                   "malformed_answer");
}

}  // namespace

void PassedAnswer::take(host::Fetched answer) {
  answer_ = std::move(answer);
  opening_.clear();
}

Task<std::optional<AnswerFault>> PassedAnswer::takeStream(host::Fetched answer) {
  take(std::move(answer));
  auto fault = co_await peek();
  if (fault) answer_.body.reset();
  co_return fault;
}

// Reads until it can be told how the stream begins.
Task<std::optional<AnswerFault>> PassedAnswer::peek() {
  const Millis patience = exchange_.services.settings.idleTimeout;
  for (;;) {
    auto read =
        co_await exchange_.watch.await(answer_.body->read(host::ReadSize::AnyBytes), patience);
    using enum AnswerFault::Kind;
    if (!read) co_return AnswerFault{BrokenOff, upstreamTimeout(patience), {}};
    const auto& chunk = *read;
    if (!chunk) co_return AnswerFault{BrokenOff, endedEarly(chunk.error()), {}};
    const auto bytes = chunk->bytes.view();
    if (bytes.empty() && opening_.empty()) co_return AnswerFault{Unusable, emptyAnswer(), {}};
    opening_ += bytes;
    const auto opening = google::openingOf(opening_);
    if (opening == google::Opening::Error) co_return co_await errorIn(std::exchange(opening_, {}));
    const bool isEnough = bytes.empty() || opening_.size() > bounds::kStreamOpeningBytes;
    if (opening == google::Opening::Answer || isEnough) co_return std::nullopt;
  }
}

// Behind the name of an event, in the list where Google writes one.
Task<std::optional<AnswerFault>> PassedAnswer::errorIn(std::string beginning) {
  const Millis patience = exchange_.services.settings.idleTimeout;
  auto rest =
      co_await exchange_.watch.await(host::readAll(*answer_.body, bounds::kErrorBytes), patience);
  if (rest && *rest) beginning += **rest;
  const auto error = beginning.find_first_of("[{");
  co_return AnswerFault{AnswerFault::Kind::Google, {}, beginning.substr(error)};
}

Task<void> PassedAnswer::passOn(http::Headers headers) {
  const auto type = answer_.head.headers.get("content-type");
  if (type) headers.set("content-type", std::string(*type));
  exchange_.reply.beginPassed({answer_.head.status, std::move(headers)});
  if (!opening_.empty()) {
    const auto written = co_await exchange_.reply.write(std::move(opening_));
    if (!written) co_return;
  }
  const auto passed = co_await exchange_.reply.pass(*answer_.body);
  if (!passed) noteBroken(endedEarly(passed.error()));
}

void PassedAnswer::noteBroken(const Error& error) {
  exchange_.record.error = error.code;
  exchange_.services.host.logger.log(host::LogLevel::Warn, "stream_broken",
                                     {{"request", exchange_.request.id}, {"code", error.code}});
}

}  // namespace rondo::gateway
