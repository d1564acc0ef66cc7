#include "gateway/native_question.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "credentials/model_use.h"
#include "gateway/judgement.h"
#include "gateway/native_affinity.h"
#include "gateway/native_body.h"
#include "gateway/place.h"
#include "gateway/pool_errors.h"
#include "gateway/stored_content.h"
#include "google/embedding_model.h"
#include "google/model_family.h"
#include "google/model_name.h"
#include "google/plain_name.h"
#include "json/document.h"
#include "translation/native_mend.h"
#include "translation/native_models.h"

namespace rondo::gateway {
namespace {

using google::Feature;
using google::RefusalClass;

bool isOfRequest(RefusalClass refusal) {
  return refusal == RefusalClass::RequestFault || refusal == RefusalClass::MendRequest ||
         refusal == RefusalClass::NamedContent;
}

Error verbNotFound(const std::string& model, const std::string& verb) {
  Error error = modelNotFound(model);
  error.message = "models/" + model + " is not found, or is not supported for " + verb + ".";
  return error;
}

constexpr Feature kMendable[] = {
    Feature::Sampling,          Feature::Penalties,      Feature::SeveralCandidates,
    Feature::Logprobs,          Feature::Seed,           Feature::MediaResolution,
    Feature::Thinking,          Feature::ThinkingBudget, Feature::ThinkingLevel,
    Feature::ThoughtSignatures, Feature::EmptyText};

google::Uses mendable() {
  google::Uses uses;
  for (const Feature feature : kMendable) uses.features.insert(feature);
  return uses;
}

// How Google says that a model has no such setting. Any other complaint about one is about its
// value, which is the client's.
constexpr std::string_view kLacking[] = {"not enabled", "not supported", "unsupported",
                                         "unknown name", "not available"};

bool isMendable(const google::Refusal& refusal) {
  if (!refusal.feature || !translation::canMend(refusal.feature->feature)) return false;
  const auto feature = refusal.feature->feature;
  if (feature == Feature::ThoughtSignatures || feature == Feature::EmptyText) return true;
  if (refusal.feature->extent != google::RefusedFeature::Extent::Whole) return false;
  const std::string words = toLower(refusal.message);
  // What follows repeats the value.
  if (words.starts_with("invalid value at")) return false;
  return std::ranges::any_of(kLacking, [&words](auto each) { return words.contains(each); });
}

bool isGenerating(std::string_view verb) {
  return verb == "generateContent" || verb == "streamGenerateContent";
}

// By which a client asks for capacity of another kind, which may be spent while the usual isn't
// (https://cloud.google.com/vertex-ai/generative-ai/docs/provisioned-throughput/use-provisioned-throughput).
constexpr std::string_view kCapacityFields[] = {"x-vertex-ai-llm-request-type",
                                                "x-vertex-ai-llm-shared-request-type"};

// How long Google's server may take.
constexpr std::string_view kServerTimeout = "x-server-timeout";

// Verbs that whatever credential may generate may use too.
bool isForAll(std::string_view verb) { return isGenerating(verb) || verb == "countTokens"; }

// Whether the body repeats the model that stands in the address.
bool repeatsModel(std::string_view verb) {
  return verb == "embedContent" || verb == "batchEmbedContents" || verb == "countTokens";
}

bool isEmbedding(std::string_view model) {
  return credentials::nameInUse(model, credentials::ModelUse::Embedding) == model;
}

bool isForVectors(std::string_view verb, std::string_view model) {
  return verb == "embedContent" || verb == "batchEmbedContents" ||
         (verb == "predict" && isEmbedding(model));
}

// Whether a back-end that has the verb has it for that embedding model too: each model is embedded
// by one verb of Vertex AI's, and by none of the Gemini API's that is called `predict`.
bool isForModel(google::Backend backend, std::string_view verb, std::string_view model) {
  using google::Method;
  if (!isEmbedding(model)) return true;
  const auto call = google::embeddingCallOf(backend, model).method;
  if (verb == "predict") return call == Method::Predict;
  return verb != "embedContent" || call != Method::Predict;
}

// Whether a body of countTokens may wrap a whole request. Nothing stands before that.
bool mayBeWrapped(std::string_view beginning) {
  return beginning.contains("enerateContentRequest") ||
         beginning.contains("enerate_content_request");
}

// "models/gemini-embedding-001" of "models/emb", when that says what the other names say.
std::optional<std::string> renamed(std::string_view name, const ModelName& asked,
                                   const std::string& google) {
  const auto plain = google::plainModelName(name);
  const bool isAsked =
      plain == google::plainModelName(asked.asked) || plain == asked.plain || plain == asked.google;
  if (!isAsked || plain == google) return std::nullopt;
  return std::string(name.substr(0, name.rfind(plain))) + google;
}

}  // namespace

NativeQuestion::NativeQuestion(Exchange& exchange, ModelName model, std::optional<std::string> body)
    : exchange_(exchange),
      asked_(std::move(model)),
      prefersSuited_(isAnySuited()),
      own_(std::move(body)),
      answer_(exchange) {}

// --- The request ---------------------------------------------------------------------------------

Result<http::Request> NativeQuestion::requestTo(const google::BaseUrls& bases,
                                                const google::Place& place,
                                                const ModelName& model) const {
  auto url = google::nativeMethodUrl(bases, place, model.google,
                                     {call().version, call().verb, call().query});
  if (!url) return fail(url.error());
  return http::Request{"POST", std::move(*url), call().fields, {}};
}

bool NativeQuestion::canGoThrough(const credentials::Credential& credential) const {
  if (staysAtHome_ && placeOf(credential).backend != call().backend) return false;
  const bool isNamed = !exchange_.request.credential.empty();
  if (prefersSuited_ || (call().verb == "predict" && !isNamed)) return isSuited(credential);
  return google::hasVerb(placeOf(credential).backend, call().verb);
}

bool NativeQuestion::isSuited(const credentials::Credential& credential) const {
  const auto backend = placeOf(credential).backend;
  return google::hasVerb(backend, call().verb) && isForModel(backend, call().verb, asked_.google);
}

bool NativeQuestion::isForeignTo(const credentials::Credential& credential) const {
  if (placeOf(credential).backend == call().backend || !isRepeatable()) return false;
  const auto isHome = [this](const auto& each) {
    return placeOf(each).backend == call().backend && canGoThrough(each);
  };
  return exchange_.request.credential.empty() &&
         std::ranges::any_of(exchange_.services.pool.credentials(), [&](const auto& each) {
           return credentials::serves(each, asked_.google) && isHome(each);
         });
}

// Where nobody is, Google says why.
bool NativeQuestion::isAnySuited() const {
  const std::string& pinned = exchange_.request.credential;
  return std::ranges::any_of(exchange_.services.pool.credentials(), [&](const auto& each) {
    const bool isMeant = pinned.empty() || each.id == pinned;
    return isMeant && credentials::serves(each, asked_.google) && isSuited(each);
  });
}

bool NativeQuestion::isRepeatable() const {
  return call().body == NativeCall::Body::Held || !isSent_;
}

Task<bool> NativeQuestion::mayFallBack() {
  if (isForVectors(call().verb, asked_.google)) co_return false;
  if (own_) co_return !translation::namesCache(*own_);
  if (call().body != NativeCall::Body::Held) co_return true;
  const auto body = co_await exchange_.io.held->read();
  co_return !body || !translation::namesCache(body->view());
}

// Whoever made the signatures takes them back for certain.
std::string NativeQuestion::preferred() const {
  if (call().signatures == NativeCall::Signatures::Absent) return {};
  return exchange_.services.nativeMakers.find(exchange_.request.client.name,
                                              nativeConversation(exchange_.request.body.view()));
}

// Where the makers of a call's signature or of an image's aren't remembered, its conversation goes
// to the same credential all the same, as far as that is free.
std::string NativeQuestion::affinityKey() const {
  const bool isTied = call().tools == NativeCall::Tools::Present ||
                      google::ModelFamily::parse(asked_.google).makesImages();
  if (!isTied || !isGenerating(call().verb)) return {};
  const auto beginning = exchange_.request.body.view();
  return holdsTurn(beginning) ? nativeConversation(beginning) : std::string();
}

std::string NativeQuestion::conversation() const {
  const bool isSticky = exchange_.services.settings.strategy == credentials::Strategy::Sticky;
  return isSticky ? nativeConversation(exchange_.request.body.view()) : std::string();
}

Task<bool> NativeQuestion::asksForHostedTools() {
  if (!isGenerating(call().verb) || call().tools == NativeCall::Tools::Absent) co_return false;
  const auto body = co_await exchange_.io.held->read();
  json::Document document;
  co_return body&& document.tryRead(body->view()) && hasHostedTools(document.root());
}

credentials::ModelUse NativeQuestion::use() const {
  using credentials::ModelUse;
  if (call().verb == "predict") return ModelUse::Predicting;
  if (call().verb == "countTokens" || call().verb == "computeTokens") return ModelUse::Counting;
  const bool isEmbedding = call().verb == "embedContent" || call().verb == "batchEmbedContents";
  return isEmbedding ? ModelUse::Embedding : ModelUse::Generating;
}

std::string NativeQuestion::remembersAs(const ModelName& model) const {
  return model.google + "\n" + exchange_.request.client.name;
}

Task<Result<MadeBody>> NativeQuestion::bodyFor(const ModelName& model, const Attempt& attempt) {
  MadeBody body;
  body.source = http::Request::BodySource::Held;
  if (own_) {
    body.bytes = *own_;
    body.source = http::Request::BodySource::Own;
  }
  if (call().body == NativeCall::Body::Held) {
    auto other = co_await bodyInPlace(model, attempt);
    if (other) {
      body.bytes = std::move(other->body);
      other->leftOut.forEach(
          [&body](Feature feature) { body.adjusted.push_back(google::featureWord(feature)); });
      body.source = http::Request::BodySource::Own;
    } else if (isGenerating(call().verb) && !attempt.mended.empty()) {
      co_return fail(badRequest("Google refused the request.", {}));
    }
  }
  // What can be left out may be in it: that is looked for when Google has refused it.
  body.uses = mendable();
  isSent_ = true;
  isOfAsked_ = model.google == asked_.google;
  if (isOfAsked_) refused_.reset();
  // A suffix would have to be written into the body.
  if (model.suffix.effort || model.suffix.budget) body.adjusted.emplace_back("model_suffix");
  co_return body;
}

Task<std::optional<translation::Mended>> NativeQuestion::bodyInPlace(const ModelName& model,
                                                                     const Attempt& attempt) {
  const bool isKnown = isGenerating(call().verb) && !attempt.limits.refused.empty();
  if (isKnown) co_return co_await mend(attempt.limits.refused);
  if (call().verb == "countTokens" &&
      placeOf(*attempt.credential).backend == google::Backend::Vertex &&
      mayBeWrapped(exchange_.request.body.view())) {
    if (auto bare = co_await unwrapped()) co_return translation::Mended{std::move(*bare), {}};
  }
  const bool isOther = model.google != asked_.plain || model.google != asked_.google;
  if (!isOther || !repeatsModel(call().verb)) co_return std::nullopt;
  auto renamed = co_await rename(model);
  if (!renamed) co_return std::nullopt;
  co_return translation::Mended{std::move(*renamed), {}};
}

Task<std::optional<std::string>> NativeQuestion::unwrapped() {
  if (own_) co_return translation::unwrappedCount(*own_);
  const auto body = co_await exchange_.io.held->read();
  if (!body) co_return std::nullopt;
  co_return translation::unwrappedCount(body->view());
}

Task<std::optional<std::string>> NativeQuestion::rename(const ModelName& model) {
  const auto change = [&](std::string_view name) { return renamed(name, asked_, model.google); };
  if (own_) co_return translation::withChangedModels(*own_, change);
  const auto body = co_await exchange_.io.held->read();
  if (!body) co_return std::nullopt;
  co_return translation::withChangedModels(body->view(), change);
}

void NativeQuestion::noteRefusal(int status, std::string_view body) {
  if (isOfAsked_) refused_ = readRefusal(status, body);
}

void NativeQuestion::forgetRefusal() {
  if (isOfAsked_) refused_.reset();
}

Task<std::optional<translation::Mended>> NativeQuestion::mend(google::FeatureSet refused) {
  if (own_) co_return translation::withoutRefused(*own_, refused);
  const auto body = co_await exchange_.io.held->read();
  if (!body) co_return std::nullopt;
  co_return translation::withoutRefused(body->view(), refused);
}

// Else the refusal is for something that nothing here finds.
Task<bool> NativeQuestion::hasMore(const Attempt& attempt, const google::RefusedFeature& refused) {
  const bool isMended = isGenerating(call().verb) && call().body == NativeCall::Body::Held;
  const auto limits = google::limitsAfter(attempt.limits, refused, attempt.uses);
  if (!isMended || !limits) co_return false;
  const auto mended = co_await mend(limits->refused);
  co_return mended && !attempt.limits.refused.hasAll(mended->leftOut);
}

// --- The answer ----------------------------------------------------------------------------------

Task<Heard> NativeQuestion::heard(const Attempt& attempt, google::Refusal refusal,
                                  std::string body) {
  if (!isForAll(call().verb) && isOfMethod(refusal, attempt)) {
    noteRefusal(refusal.status, body);
    co_return Heard{ofMethod(std::move(refusal)), std::nullopt};
  }
  const bool isMend = refusal.refusal == RefusalClass::MendRequest;
  const bool mayMend = isMend && isMendable(refusal) && co_await hasMore(attempt, *refusal.feature);
  if (isMend && !mayMend) {
    refusal.refusal = RefusalClass::RequestFault;
    refusal.feature.reset();
  }
  // What is counted with draws on nothing that answers do.
  if (use() == credentials::ModelUse::Counting) refusal.quota.model.clear();
  // The client has set the time itself.
  if (refusal.status == 504 && call().fields.get(kServerTimeout)) {
    refusal.refusal = RefusalClass::RequestFault;
  }
  google::FeatureSet found;
  if (!refusal.isNarrow) refusal.isNarrow = co_await isOfThisBody(refusal, attempt, found);
  if (isOfRequest(refusal.refusal) || refusal.isNarrow) noteRefusal(refusal.status, body);
  const bool isOfForm = refusal.refusal == RefusalClass::RequestFault && refusal.status == 400;
  if (isOfForm && isForeignTo(*attempt.credential)) {
    refusal.refusal = RefusalClass::OtherForm;
    staysAtHome_ = true;
    co_return Heard{std::move(refusal), std::nullopt};
  }
  // Google says the same of a model that isn't there and of one that has no such verb, or isn't in
  // that version, which keeps nobody from asking it otherwise. So nothing follows of it.
  const bool isMissing = refusal.refusal == RefusalClass::NoAccess && refusal.status == 404;
  const auto backend = placeOf(*attempt.credential).backend;
  const bool isModels = isGenerating(call().verb) && google::hasAllModels(backend, call().version);
  if (!isMissing || isModels) co_return Heard{std::move(refusal), std::nullopt, found};
  refusal.refusal = RefusalClass::Unusable;
  co_return Heard{std::move(refusal), verbNotFound(exchange_.request.modelId, call().verb)};
}

// Whether a refusal may be meant for something that the client's body or its header fields bring
// along, and that others don't. Of a body that can't be read nobody knows.
Task<bool> NativeQuestion::isOfThisBody(const google::Refusal& refusal, const Attempt& attempt,
                                        google::FeatureSet& found) const {
  const auto isSent = [this](std::string_view name) { return call().fields.get(name).has_value(); };
  const bool isOfCapacity =
      refusal.refusal == RefusalClass::Capacity || google::saysNoQuota(refusal);
  if (isOfCapacity && std::ranges::any_of(kCapacityFields, isSent)) co_return true;
  const bool isOfTokens = refusal.quota.inputTokens > 0;
  if (!google::isVague(refusal) && !isOfTokens) co_return false;
  const auto body = co_await exchange_.io.held->read();
  if (!body) co_return true;
  json::Document document;
  if (!document.tryRead(body->view())) co_return true;
  if (google::isSpentByText(refusal, textBytes(document.root()))) co_return true;
  if (!google::isVague(refusal)) co_return false;
  if (hasHostedTools(document.root())) found.insert(Feature::HostedTools);
  const bool isOfTools = !found.empty() && mayBeOfTools(refusal, *attempt.credential);
  co_return isOfTools || nativeBodyNamesStored(document.root());
}

Task<std::optional<AnswerFault>> NativeQuestion::begin(const ModelName&, const Attempt& attempt,
                                                       host::Fetched answer) {
  if (isStream(call())) {
    auto fault = co_await answer_.takeStream(std::move(answer));
    if (fault) co_return fault;
  } else {
    answer_.take(std::move(answer));
  }
  noteMaker(*attempt.credential);
  co_return std::nullopt;
}

void NativeQuestion::noteMaker(const credentials::Credential& credential) {
  const auto& pool = exchange_.services.pool;
  if (!isGenerating(call().verb) || pool.credentials().size() < 2) return;
  exchange_.services.nativeMakers.remember(exchange_.request.client.name,
                                           nativeConversation(exchange_.request.body.view()),
                                           credential.id);
}

Task<void> NativeQuestion::passOn(http::Headers headers) {
  own_.reset();
  return answer_.passOn(std::move(headers));
}

}  // namespace rondo::gateway
