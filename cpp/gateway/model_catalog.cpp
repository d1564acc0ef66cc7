#include "gateway/model_catalog.h"

#include <algorithm>

#include "gateway/place.h"
#include "google/model_list.h"

namespace rondo::gateway {
namespace {

using credentials::Backend;
using credentials::Credential;

using Names = std::vector<std::string>;

constexpr Millis kFresh = std::chrono::hours(1);

// After a failure what was seen holds this much longer, so that not every request tries again.
constexpr Millis kRetry = std::chrono::minutes(1);

// Bounds on one look: the list has a few hundred models, a free Worker 50 subrequests.
constexpr int kMaxPages = 5;
constexpr int kMaxTries = 3;
constexpr std::size_t kMaxPageBytes = 8 * 1024 * 1024;

}  // namespace

ModelCatalog::ModelCatalog(const Settings& settings, const host::Host& host,
                           credentials::CredentialManager& pool, auth::AuthManager& auth)
    : settings_(settings), host_(host), pool_(pool), auth_(auth) {}

Task<Result<Names>> ModelCatalog::models(host::Io io) {
  if (seen_ && host_.clock.now() < freshUntil_) co_return *seen_;
  auto found = co_await look(io);
  freshUntil_ = host_.clock.now() + (found ? kFresh : kRetry);
  const bool isKept = !found && seen_ && *seen_;
  if (!isKept) seen_ = std::move(found);
  co_return *seen_;
}

std::string_view ModelCatalog::entryOf(std::string_view model) const {
  const auto entry = entries_.find(model);
  return entry == entries_.end() ? std::string_view() : std::string_view(entry->second);
}

Task<Result<Names>> ModelCatalog::look(host::Io io) {
  Names all;
  std::optional<Error> failure;
  bool answered = false;
  for (const Backend backend : {Backend::Vertex, Backend::Gemini}) {
    const bool inUse = std::ranges::any_of(
        pool_.credentials(), [&](const Credential& each) { return each.backend == backend; });
    if (!inUse) continue;
    auto names = co_await lookAt(io, backend);
    answered = answered || names.has_value();
    if (names)
      all.insert(all.end(), names->begin(), names->end());
    else
      failure = names.error();
  }
  if (!answered && failure) co_return fail(*failure);
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  co_return all;
}

Task<Result<Names>> ModelCatalog::lookAt(host::Io io, Backend backend) {
  Error failure = makeError(ErrorKind::Unavailable,
                            "No credential of the pool can be used until an operator acts.",
                            "credentials_unavailable");
  const auto& all = pool_.credentials();
  const auto first = first_;
  int tries = 0;
  for (std::size_t i = 0; i < all.size() && tries < kMaxTries; ++i) {
    const auto at = (first + i) % all.size();
    const auto& credential = all[at];
    if (credential.backend != backend || pool_.isQuarantined(credential.id)) continue;
    ++tries;
    auto names = co_await list(io, credential);
    if (names) co_return names;
    first_ = at + 1;
    failure = names.error();
    host_.logger.log(host::LogLevel::Warn, "model_list_failed",
                     {{"credential", credential.alias}, {"message", failure.message}});
  }
  co_return fail(std::move(failure));
}

Task<Result<Names>> ModelCatalog::list(host::Io io, const Credential& credential) {
  Names names;
  std::string pageToken;
  for (int page = 0; page < kMaxPages; ++page) {
    auto authorization = co_await auth_.authorize(io, credential);
    if (!authorization) co_return fail(authorization.error());
    http::Request request;
    request.method = "GET";
    request.url = google::modelListUrl(baseUrls(settings_), placeOf(credential), pageToken);
    request.headers = *authorization;
    auto fetched = co_await io.fetcher.fetch(std::move(request));
    if (!fetched) co_return fail(fetched.error());
    const auto body = co_await host::readAll(*fetched->body, kMaxPageBytes);
    if (!body) co_return fail(body.error());
    const int status = fetched->head.status;
    if (status == 401) auth_.drop(io, credential, *authorization);
    if (status != 200) {
      co_return fail(makeError(ErrorKind::Transient,
                               "Google's list of models answered " + std::to_string(status) + ".",
                               "upstream_error"));
    }
    auto found = google::parseModelPage(*body);
    if (!found) co_return fail(found.error());
    for (std::size_t i = 0; i < found->ids.size(); ++i) {
      if (!found->entries[i].empty()) entries_[found->ids[i]] = std::move(found->entries[i]);
    }
    std::ranges::move(found->ids, std::back_inserter(names));
    pageToken = std::move(found->nextPageToken);
    if (pageToken.empty()) break;
  }
  co_return names;
}

}  // namespace rondo::gateway
