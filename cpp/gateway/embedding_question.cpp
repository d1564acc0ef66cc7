#include "gateway/embedding_question.h"

#include <algorithm>
#include <utility>

#include "base/bounds.h"
#include "gateway/place.h"
#include "gateway/pool_errors.h"
#include "google/embedding_answer.h"
#include "google/embedding_model.h"
#include "json/document.h"
#include "translation/embedding_body.h"

namespace rondo::gateway {
namespace {

Error tooManyCalls() {
  return makeError(ErrorKind::Transient,
                   "Google refused so many calls that the others don't fit in what one request may "
                   "make (MAX_SUBREQUESTS). Try again, or send fewer texts at once.",
                   "too_many_calls");
}

Error tooLong() {
  return makeError(ErrorKind::Broken,
                   "Google's answer is longer than " + std::to_string(bounds::kAnswerBytes) +
                       " bytes. Ask for fewer `dimensions`, or send fewer texts at once.",
                   "upstream_answer_too_large");
}

Error unusable() {
  return makeError(ErrorKind::Broken,
                   "A server error: Google's answer hasn't one sound vector for each text.",
                   "malformed_answer");
}

}  // namespace

std::vector<google::Backend> backendsServing(const credentials::CredentialManager& pool,
                                             std::string_view model) {
  std::vector<google::Backend> backends;
  for (const auto& each : pool.credentials()) {
    const auto backend = placeOf(each).backend;
    const bool isNew = std::ranges::find(backends, backend) == backends.end();
    if (isNew && credentials::serves(each, model)) backends.push_back(backend);
  }
  return backends;
}

EmbeddingQuestion::EmbeddingQuestion(Exchange& exchange, EmbeddingWork& work,
                                     google::Backend likely)
    : exchange_(exchange), work_(work), batch_(work.take(likely)) {}

EmbeddingQuestion::~EmbeddingQuestion() { work_.putBack(batch_); }

Result<http::Request> EmbeddingQuestion::requestTo(const google::BaseUrls& bases,
                                                   const google::Place& place,
                                                   const ModelName& model) const {
  const auto method = google::embeddingCallOf(place.backend, model.google).method;
  auto url = google::methodUrl(bases, place, model.google, method);
  if (!url) return fail(url.error());
  return http::Request{"POST", std::move(*url), {{"content-type", "application/json"}}, {}};
}

// What this question holds is one call at least, and as many as its back-end takes once it is cut
// for that.
bool EmbeddingQuestion::fits(google::Backend backend) const {
  if (work_.pending() + batch_.size() <= work_.callsLeft()) return true;
  const auto most = google::embeddingCallOf(backend, work_.model()).mostTexts;
  const std::size_t own = (batch_.size() + most - 1) / most;
  return work_.callsFor(backend) + own <= work_.callsLeft();
}

bool EmbeddingQuestion::canGoThrough(const credentials::Credential& credential) const {
  if (fits(placeOf(credential).backend)) return true;
  const auto others = backendsServing(exchange_.services.pool, work_.model());
  return std::ranges::none_of(others, [this](google::Backend other) { return fits(other); });
}

Task<Result<MadeBody>> EmbeddingQuestion::bodyFor(const ModelName& model, const Attempt& attempt) {
  if (!work_.mayCall(*attempt.credential)) co_return fail(tooManyCalls());
  const auto backend = placeOf(*attempt.credential).backend;
  work_.putBack(std::exchange(batch_, {}));
  batch_ = work_.take(backend);
  co_return MadeBody{
      translation::embeddingBody(work_.request(), batch_, backend, model.google), {}, {}};
}

Task<std::optional<AnswerFault>> EmbeddingQuestion::begin(const ModelName&, const Attempt& attempt,
                                                          host::Fetched answer) {
  auto text = co_await readAll(*answer.body);
  if (!text) co_return std::move(text.error());
  co_return keep(*text, *attempt.credential);
}

// Piece by piece, since several such answers are read at the same time.
Task<std::expected<std::string, AnswerFault>> EmbeddingQuestion::readAll(host::Body& body) {
  using enum AnswerFault::Kind;
  const Millis patience = exchange_.services.settings.idleTimeout;
  std::string text;
  for (;;) {
    auto read = co_await exchange_.watch.await(body.read(host::ReadSize::Large), patience);
    if (!read) co_return std::unexpected(AnswerFault{BrokenOff, upstreamTimeout(patience), {}});
    const auto& chunk = *read;
    if (!chunk) co_return std::unexpected(AnswerFault{BrokenOff, endedEarly(chunk.error()), {}});
    const auto bytes = chunk->bytes.view();
    if (text.size() + bytes.size() > bounds::kAnswerBytes) {
      co_return std::unexpected(AnswerFault{Final, tooLong(), {}});
    }
    text += bytes;
    if (chunk->isLast()) co_return text;
  }
}

std::optional<AnswerFault> EmbeddingQuestion::keep(std::string_view text,
                                                   const credentials::Credential& credential) {
  json::Document document;
  if (!document.tryRead(text)) return AnswerFault{AnswerFault::Kind::Unusable, unusable(), {}};
  auto read = google::readEmbeddings(document.root());
  if (auto* error = std::get_if<std::string>(&read)) {
    return AnswerFault{AnswerFault::Kind::Google, {}, std::move(*error)};
  }
  const auto* answer = std::get_if<google::EmbeddingAnswer>(&read);
  if (!answer || !work_.keep(batch_, *answer, credential.id)) {
    return AnswerFault{AnswerFault::Kind::Unusable, unusable(), {}};
  }
  batch_.clear();
  return std::nullopt;
}

std::string EmbeddingQuestion::paramOf(const std::string& googleField) const {
  return translation::embeddingFieldOf(googleField);
}

}  // namespace rondo::gateway
