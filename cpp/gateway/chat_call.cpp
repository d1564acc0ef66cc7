#include "gateway/chat_call.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "gateway/chat_models.h"
#include "gateway/conversation.h"
#include "gateway/identifiers.h"
#include "gateway/place.h"
#include "gateway/remote_media.h"
#include "translation/mend.h"

namespace rondo::gateway {
namespace {

using credentials::Credential;

// A client can name any model, so what is remembered of them is bounded.
constexpr std::size_t kMaxLimitedModels = 200;

translation::ModelLimits limitsOf(const Services& services, std::string_view model) {
  const auto found = services.limits.find(model);
  return found == services.limits.end() ? translation::ModelLimits{} : found->second;
}

void remember(Services& services, const std::string& model,
              const translation::ModelLimits& limits) {
  if (services.limits.size() >= kMaxLimitedModels) services.limits.clear();
  services.limits.insert_or_assign(model, limits);
}

google::Method methodFor(const openai::ChatRequest& request) {
  return request.stream == openai::Streaming::On ? google::Method::StreamGenerateContent
                                                 : google::Method::GenerateContent;
}

}  // namespace

ChatCall::ChatCall(Exchange& exchange, openai::ChatRequest request)
    : exchange_(exchange),
      request_(std::move(request)),
      callIdSeed_(randomId(exchange.services.host.entropy)),
      head_{"chatcmpl-" + callIdSeed_, unixSeconds(exchange.services.host.clock.now()),
            request_.model},
      fallbacks_(fallbacksOf(exchange.services.settings, exchange.request, request_.model)) {
  std::ranges::reverse(fallbacks_);
  aimAt(targetOf(exchange.services.settings, request_.model));
  asked_ = target_.model;
}

void ChatCall::aimAt(translation::SuffixedModel target) {
  target_ = std::move(target);
  family_ = google::ModelFamily::parse(target_.model);
  signatures_ = translation::SignaturePolicy::Keep;
  mended_.clear();
  const auto& services = exchange_.services;
  const bool isSticky = services.settings.strategy == credentials::Strategy::Sticky;
  call_.emplace(exchange_, Endpoint{target_.model, methodFor(request_),
                                    [this](const Credential& each) { return bodyFor(each); },
                                    openLoopCredential(request_, services.signatures),
                                    isSticky ? conversationOf(request_) : std::string()});
}

Task<Result<host::Fetched>> ChatCall::next() {
  for (;;) {
    auto fetched = co_await call_->next();
    if (fetched) co_return std::move(*fetched);
    const Rejection& rejection = fetched.error();
    if (rejection.blame == Rejection::Blame::Request) {
      if (!mendAfter(rejection)) co_return fail(rejection.error);
      call_->repeat();
      continue;
    }
    if (!firstError_) firstError_ = rejection.error;
    if (fallBack()) continue;
    target_.model = asked_;
    co_return fail(*firstError_);
  }
}

// Turns to the next model that may stand in, if there is one.
bool ChatCall::fallBack() {
  if (fallbacks_.empty()) return false;
  auto next = std::move(fallbacks_.back());
  fallbacks_.pop_back();
  exchange_.services.host.logger.log(
      host::LogLevel::Info, "model_fallback",
      {{"request", exchange_.request.id}, {"from", target_.model}, {"to", next.model}});
  aimAt(std::move(next));
  return true;
}

Task<Result<std::string>> ChatCall::bodyFor(const Credential& credential) {
  const auto backend = placeOf(credential).backend;
  const auto wantedMedia = translation::mediaToFetch(request_, backend, family_);
  for (const auto& wanted : wantedMedia) {
    if (media_.contains(wanted.url)) continue;
    auto fetched = co_await fetchRemoteMedia(exchange_.io, wanted);
    if (!fetched) co_return fail(fetched.error());
    media_.emplace(wanted.url, std::move(*fetched));
  }
  co_return translate(credential);
}

Result<std::string> ChatCall::translate(const Credential& credential) {
  translation::RequestTarget target;
  target.backend = placeOf(credential).backend;
  target.family = family_;
  target.limits = limitsOf(exchange_.services, target_.model);
  target.credentialKind = std::string(credentials::kindName(credential.kind));
  target.signatures = signatures_;
  target.store = &exchange_.services.signatures;
  target.media = &media_;
  target.suffix = target_.suffix;
  auto translated = translation::translateRequest(request_, target);
  if (!translated) return fail(translated.error());
  adjusted_ = mended_;
  adjusted_.insert(translated->adjusted.begin(), translated->adjusted.end());
  return std::move(translated->body);
}

bool ChatCall::mendAfter(const Rejection& rejection) {
  if (rejection.body.empty()) return false;
  // Made once more instead of kept: a mend is rare, and a body may be tens of megabytes.
  const auto sent = translate(call_->credential());
  if (!sent) return false;
  const auto limits = limitsOf(exchange_.services, target_.model);
  const auto mend = translation::mend(rejection.body, *sent, limits);
  if (!mend || !mended_.insert(mend->word).second) return false;
  signatures_ = mend->signatures;
  if (!(mend->limits == limits)) remember(exchange_.services, target_.model, mend->limits);
  return true;
}

translation::AnswerContext ChatCall::answerContext() const {
  const Credential& credential = call_->credential();
  auto context = translation::answerContext(
      request_, callIdSeed_,
      {std::string(credentials::kindName(credential.kind)), family_.signatureGroup()});
  context.credentialId = credential.id;
  return context;
}

streaming::ChatStream ChatCall::makeStream() {
  const auto usage = request_.includeUsage ? openai::ChunkWriter::Usage::Included
                                           : openai::ChunkWriter::Usage::Omitted;
  return {head_, usage, answerContext(), &exchange_.services.signatures};
}

streaming::ChatCollector ChatCall::makeCollector() {
  return {head_, answerContext(), &exchange_.services.signatures};
}

http::Headers ChatCall::headers() const {
  http::Headers headers = call_->headers();
  // A client may name a model as it likes, and not every text fits a header.
  if (isVisibleAscii(target_.model)) headers.set("x-rondo-model", target_.model);
  std::string words;
  for (const auto& word : adjusted_) words.append(words.empty() ? "" : ", ").append(word);
  if (!words.empty()) headers.set("x-rondo-adjusted", words);
  return headers;
}

}  // namespace rondo::gateway
