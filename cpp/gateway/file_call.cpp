#include "gateway/file_call.h"

#include <utility>

#include "base/bounds.h"
#include "gateway/affinity.h"
#include "gateway/place.h"
#include "gateway/pool_errors.h"

namespace rondo::gateway {
namespace {

using google::RefusalClass;

// A page of a hundred files takes some sixty kilobytes.
constexpr std::size_t kMostOfAnswer = 1024 * 1024;

// Google says the same of a file that is gone and of one of another project.
bool isOfFile(const google::Refusal& refusal) {
  const bool isOfRequest = refusal.refusal == RefusalClass::RequestFault ||
                           refusal.refusal == RefusalClass::NamedContent ||
                           refusal.refusal == RefusalClass::NoAccess;
  return isOfRequest && (refusal.status == 403 || refusal.status == 404);
}

}  // namespace

Result<http::Request> FileCall::requestTo(const google::BaseUrls& bases, const google::Place& place,
                                          const ModelName&) const {
  return http::Request{
      call_.method, google::nativeResourceUrl(bases, place, call_.resource), call_.fields, {}};
}

bool FileCall::canGoThrough(const credentials::Credential& credential) const {
  return hasFiles(credential);
}

std::string FileCall::affinityKey() const { return affinityOfFiles(exchange_.request.client.name); }

Task<Result<MadeBody>> FileCall::bodyFor(const ModelName&, const Attempt&) {
  isSent_ = true;
  MadeBody body;
  if (call_.repeat == Call::Repeat::Denied) {
    body.bytes = std::move(call_.body);
  } else {
    body.bytes = call_.body;
  }
  co_return body;
}

Task<Heard> FileCall::heard(const Attempt&, google::Refusal refusal, std::string) {
  std::optional<Error> error;
  if (!call_.file.empty() && isOfFile(refusal)) {
    refusal.refusal = RefusalClass::RequestFault;
    error = fileNotFound(call_.file);
  }
  co_return Heard{std::move(refusal), std::move(error)};
}

Task<std::optional<AnswerFault>> FileCall::begin(const ModelName&, const Attempt&,
                                                 host::Fetched answer) {
  const Millis patience = exchange_.services.settings.idleTimeout;
  auto read = co_await exchange_.watch.await(host::readAll(*answer.body, kMostOfAnswer), patience);
  if (!read) co_return AnswerFault{AnswerFault::Kind::BrokenOff, upstreamTimeout(patience), {}};
  if (!*read) co_return AnswerFault{AnswerFault::Kind::BrokenOff, endedEarly(read->error()), {}};
  headers_ = std::move(answer.head.headers);
  answer_ = std::move(**read);
  co_return std::nullopt;
}

bool hasFiles(const credentials::Credential& credential) {
  return placeOf(credential).backend == google::Backend::Gemini;
}

Error fileNotFound(std::string_view id) {
  constexpr std::size_t kShown = 100;
  Error error = makeError(ErrorKind::NotFound,
                          "No such File object: " + std::string(id.substr(0, kShown)) + ".",
                          "file_not_found");
  error.param = "id";
  return error;
}

}  // namespace rondo::gateway
