#include "gateway/chat_call.h"

#include "gateway/identifiers.h"
#include "gateway/place.h"
#include "gateway/remote_media.h"
#include "translation/mend.h"
#include "translation/model_suffix.h"

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

// An alias may stand with or without a reasoning suffix, and bring one of its own.
translation::SuffixedModel targetOf(const Settings& settings, const std::string& name) {
  const auto named = translation::splitModelSuffix(name);
  const bool isAlias = settings.modelAliases.contains(name);
  auto target = translation::splitModelSuffix(resolveModel(settings, isAlias ? name : named.model));
  const bool hasOwnSuffix = named.suffix.effort || named.suffix.budget;
  if (!isAlias && hasOwnSuffix) target.suffix = named.suffix;
  return target;
}

google::Method methodFor(const openai::ChatRequest& request) {
  return request.stream == openai::Streaming::On ? google::Method::StreamGenerateContent
                                                 : google::Method::GenerateContent;
}

// The credential that made the calls whose results come last, if this isolate remembers: their
// signatures are good for it alone, and its cache holds the conversation.
std::string openLoopCredential(const openai::ChatRequest& request,
                               const translation::SignatureStore& store) {
  for (auto message = request.messages.rbegin(); message != request.messages.rend(); ++message) {
    if (message->role != openai::Role::Tool) break;
    const auto* known = store.find(message->toolCallId);
    if (known) return known->credentialId;
  }
  return {};
}

}  // namespace

ChatCall::ChatCall(Exchange& exchange, openai::ChatRequest request)
    : exchange_(exchange),
      request_(std::move(request)),
      target_(targetOf(exchange.services.settings, request_.model)),
      family_(google::ModelFamily::parse(target_.model)),
      callIdSeed_(randomId(exchange.services.host.entropy)),
      head_{"chatcmpl-" + callIdSeed_, unixSeconds(exchange.services.host.clock.now()),
            request_.model},
      call_(exchange, {target_.model, methodFor(request_),
                       [this](const Credential& each) { return bodyFor(each); },
                       openLoopCredential(request_, exchange.services.signatures)}) {}

Task<Result<host::Fetched>> ChatCall::next() {
  for (;;) {
    auto fetched = co_await call_.next();
    if (fetched) co_return std::move(*fetched);
    if (!mendAfter(fetched.error())) co_return fail(fetched.error().error);
    call_.repeat();
  }
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
  if (!rejection.refusal || rejection.body.empty()) return false;
  // Made once more instead of kept: a mend is rare, and a body may be tens of megabytes.
  const auto sent = translate(call_.credential());
  if (!sent) return false;
  const auto limits = limitsOf(exchange_.services, target_.model);
  const auto mend = translation::mend(rejection.body, *sent, limits);
  if (!mend || !mended_.insert(mend->word).second) return false;
  signatures_ = mend->signatures;
  if (!(mend->limits == limits)) remember(exchange_.services, target_.model, mend->limits);
  return true;
}

translation::AnswerContext ChatCall::answerContext() const {
  const Credential& credential = call_.credential();
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
  http::Headers headers = call_.headers();
  std::string words;
  for (const auto& word : adjusted_) words.append(words.empty() ? "" : ", ").append(word);
  if (!words.empty()) headers.set("x-rondo-adjusted", words);
  return headers;
}

}  // namespace rondo::gateway
