#include "gateway/passed_chat_question.h"

#include "credentials/strategy.h"
#include "gateway/passed_body.h"
#include "gateway/place.h"
#include "google/error_body.h"
#include "openai/chat_dialect.h"
#include "translation/setting_names.h"

namespace rondo::gateway {

using credentials::Credential;
using google::RefusalClass;

// --- The request ---------------------------------------------------------------------------------

Result<http::Request> PassedChatQuestion::requestTo(const google::BaseUrls& bases,
                                                    const google::Place& place,
                                                    const ModelName&) const {
  return http::Request{
      "POST", google::openaiChatUrl(bases, place), {{"content-type", "application/json"}}, {}};
}

http::Headers PassedChatQuestion::presented(const http::Headers& authorization) const {
  return asBearer(authorization);
}

// On Vertex AI no keys are taken.
bool PassedChatQuestion::canGoThrough(const Credential& credential) const {
  return reachesProject(credential);
}

Task<bool> PassedChatQuestion::mayFallBack() { co_return !namesCache(chat_.document.root()); }

Task<bool> PassedChatQuestion::asksForHostedTools() {
  co_return uses_.features.has(google::Feature::HostedTools);
}

std::string PassedChatQuestion::preferred() const {
  return exchange_.services.nativeMakers.find(exchange_.request.client.name, signedConversation_);
}

// Where nobody is known to have answered it, as far as that one is free.
std::string PassedChatQuestion::affinityKey() const { return signedConversation_; }

std::string PassedChatQuestion::conversation() const {
  const bool isSticky = exchange_.services.settings.strategy == credentials::Strategy::Sticky;
  return isSticky ? openai::conversationOf(chat_) : std::string();
}

Task<Result<MadeBody>> PassedChatQuestion::bodyFor(const ModelName& model, const Attempt& attempt) {
  const auto name = google::modelForOpenai(placeOf(*attempt.credential), model.google);
  if (!name) co_return fail(name.error());
  MadeBody body;
  body.bytes = openai::bodyFor(chat_, *name);
  body.uses = uses_;
  // A suffix would have to be written into the body.
  if (model.suffix.effort || model.suffix.budget) body.adjusted.emplace_back("model_suffix");
  co_return body;
}

// --- The answer ----------------------------------------------------------------------------------

// Nothing may be left out of the body: so what Google refuses is the client's to mend.
Task<Heard> PassedChatQuestion::heard(const Attempt&, google::Refusal refusal, std::string body) {
  param_ = google::readErrorBody(body).param;
  if (refusal.refusal == RefusalClass::MendRequest) {
    refusal.refusal = RefusalClass::RequestFault;
    refusal.feature.reset();
  }
  co_return Heard{std::move(refusal), std::nullopt};
}

Task<std::optional<AnswerFault>> PassedChatQuestion::begin(const ModelName&, const Attempt& attempt,
                                                           host::Fetched answer) {
  std::optional<AnswerFault> fault;
  if (chat_.stream == conversation::Streaming::On) {
    fault = co_await answer_.takeStream(std::move(answer));
  } else {
    answer_.take(std::move(answer));
  }
  if (fault) co_return fault;
  exchange_.services.nativeMakers.remember(exchange_.request.client.name, signedConversation_,
                                           attempt.credential->id);
  letGoOfRequest();
  co_return std::nullopt;
}

// Nothing is asked again.
void PassedChatQuestion::letGoOfRequest() {
  chat_ = {};
  exchange_.request.body = {};
  exchange_.io.holdings.hold(0);
}

std::string PassedChatQuestion::paramOf(const std::string& googleField) const {
  if (googleField == param_) return param_;
  const auto setting = translation::settingOf(googleField);
  return setting ? std::string(openai::chatField(*setting)) : googleField;
}

}  // namespace rondo::gateway
