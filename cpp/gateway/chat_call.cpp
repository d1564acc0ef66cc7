#include "gateway/chat_call.h"

#include "gateway/identifiers.h"
#include "gateway/place.h"
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
                       [this](const Credential& each) { return bodyFor(each); }}) {}

Task<Result<host::Fetched>> ChatCall::next() {
  for (;;) {
    auto fetched = co_await call_.next();
    if (fetched) co_return std::move(*fetched);
    if (!mendAfter(fetched.error())) co_return fail(fetched.error().error);
    call_.repeat();
  }
}

Result<std::string> ChatCall::bodyFor(const Credential& credential) {
  translation::RequestTarget target;
  target.backend = placeOf(credential).backend;
  target.family = family_;
  target.limits = limitsOf(exchange_.services, target_.model);
  target.credentialKind = std::string(credentials::kindName(credential.kind));
  target.signatures = signatures_;
  target.store = &exchange_.services.signatures;
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
  const auto sent = bodyFor(call_.credential());
  if (!sent) return false;
  const auto limits = limitsOf(exchange_.services, target_.model);
  const auto mend = translation::mend(rejection.body, *sent, limits);
  if (!mend || !mended_.insert(mend->word).second) return false;
  signatures_ = mend->signatures;
  if (!(mend->limits == limits)) remember(exchange_.services, target_.model, mend->limits);
  return true;
}

translation::SignatureOrigin ChatCall::origin() const {
  return {std::string(credentials::kindName(call_.credential().kind)), family_.signatureGroup()};
}

translation::AnswerContext ChatCall::answerContext() const {
  return translation::answerContext(request_, callIdSeed_, origin());
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
