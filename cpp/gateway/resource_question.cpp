#include "gateway/resource_question.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/bounds.h"
#include "gateway/affinity.h"
#include "gateway/marked_id.h"
#include "gateway/native_body.h"
#include "gateway/place.h"
#include "gateway/pool_errors.h"
#include "gateway/renamed_events.h"
#include "gateway/resource_address.h"
#include "gateway/resource_name.h"
#include "translation/native_models.h"
#include "translation/native_names.h"

namespace rondo::gateway {
namespace {

using google::RefusalClass;
using translation::Author;

// The header field by which Google says where the bytes of an upload go.
constexpr std::string_view kUploadUrl = "x-goog-upload-url";
constexpr std::string_view kPassedFields[] = {"content-type", "x-goog-upload-status",
                                              "x-goog-upload-chunk-granularity",
                                              "x-goog-upload-size-received"};

constexpr Millis kNoRoomWait = std::chrono::seconds(5);

// What Google says of it, passed on but for what concerns the credential itself.
bool isOfCredential(RefusalClass refusal) {
  using enum RefusalClass;
  return refusal == FixToken || refusal == DeadCredential || refusal == Minute || refusal == Day ||
         refusal == Transient || refusal == Capacity;
}

// Whether another credential may have what this one is denied: the model that the body names, or
// the right to it. A 404 about anything else is about what the request names.
bool mayBeHadElsewhere(const google::Refusal& refusal) {
  return refusal.refusal == RefusalClass::NoAccess && (refusal.namesModel || refusal.status == 403);
}

// Whether it is sure that nothing has come of the call.
bool isTurnedDown(const google::Refusal& refusal) {
  return refusal.status >= 400 && refusal.status < 500;
}

// An address without the credential that Google may have put into its query.
std::string withoutKey(std::string_view url) {
  const auto mark = std::min(url.find('?'), url.size());
  std::string kept(url.substr(0, mark));
  const auto query = url.substr(std::min(mark + 1, url.size()));
  const auto passed = withoutParameter(withoutParameter(query, "key"), "access_token");
  if (!passed.empty()) kept.append("?").append(passed);
  return kept;
}

// Whether a quota is one of caches. Answers don't draw on it, though it names their model.
bool isOfCaches(const google::Quota& quota) {
  return toLower(quota.id + quota.metric).contains("cache");
}

// One of Google's models by its full name there: nothing for any other, and where it has that.
std::optional<std::string> modelAt(const google::Place& place, std::string_view name) {
  const auto model = googleModelIn(name);
  if (model.empty()) return std::nullopt;
  std::string placed = "projects/" + place.project + "/locations/" + place.location;
  placed.append("/publishers/google/models/").append(model);
  return placed == name ? std::nullopt : std::optional(std::move(placed));
}

// Of what only Google's front end has answered, in HTML.
Error addressNotFound() {
  return makeError(ErrorKind::NotFound, "Google knows no such address.", "resource_not_found");
}

Error tooLong() {
  return makeError(ErrorKind::Broken,
                   "Google's answer is longer than " + std::to_string(bounds::kAnswerBytes) +
                       " bytes, and the names in it would have to be changed. Ask for it as a "
                       "stream, or for less.",
                   "upstream_answer_too_large");
}

}  // namespace

// --- The request ---------------------------------------------------------------------------------

Result<http::Request> ResourceQuestion::requestTo(const google::BaseUrls& bases,
                                                  const google::Place& place,
                                                  const ModelName&) const {
  using Way = google::NativeResource::Way;
  const bool isUpload = call().way == NativeCall::Way::Upload;
  auto url = google::nativeResourceUrl(
      bases, place,
      {call().version, call().path, call().query, isUpload ? Way::Upload : Way::Plain});
  return http::Request{call().method, std::move(url), call().fields, {}};
}

bool ResourceQuestion::canGoThrough(const credentials::Credential& credential) const {
  return placeOf(credential).backend == call().backend && reachesProject(credential);
}

std::string ResourceQuestion::preferred() const {
  return exchange_.services.nativeMakers.find(exchange_.request.client.name, conversation_);
}

std::string ResourceQuestion::affinityKey() const {
  if (!conversation_.empty()) return conversation_;
  const auto collection = collectionOf(call());
  const bool isKept = collection == "files" || collection == "cachedContents";
  if (!isKept || !isMaking(call())) return {};
  return affinityOfFiles(exchange_.request.client.name);
}

bool ResourceQuestion::isRepeatable() const { return call().method == "GET" || !isSent_; }

// A cache of Vertex AI names its model in full, with the project and the place of whoever makes it,
// which no client knows.
Task<std::optional<std::string>> ResourceQuestion::placed(const Attempt& attempt) const {
  const google::Place place = placeOf(*attempt.credential);
  const bool isOfPlace = place.backend == google::Backend::Vertex && isMaking(call()) &&
                         collectionOf(call()) == "cachedContents";
  if (!isOfPlace || call().body != NativeCall::Body::Held) co_return std::nullopt;
  const auto change = [&place](std::string_view name) { return modelAt(place, name); };
  if (own_) co_return translation::withChangedModels(*own_, change);
  const auto body = co_await exchange_.io.held->read();
  co_return body ? translation::withChangedModels(body->view(), change) : std::nullopt;
}

Task<Result<MadeBody>> ResourceQuestion::bodyFor(const ModelName&, const Attempt& attempt) {
  isSent_ = true;
  refused_.reset();
  MadeBody body;
  const bool hasBody = call().method != "GET" && call().method != "DELETE";
  if (auto other = co_await placed(attempt)) {
    body.bytes = std::move(*other);
  } else if (own_) {
    body.bytes = *own_;
  } else if (hasBody) {
    body.source = http::Request::BodySource::Held;
  }
  co_return body;
}

http::Headers ResourceQuestion::presented(const http::Headers& authorization) const {
  return collectionOf(call()) == "openai" ? asBearer(authorization) : authorization;
}

// --- The answer ----------------------------------------------------------------------------------

// Whether the client's own texts would spend what is spent. Of a body that can't be read nobody
// knows.
Task<bool> ResourceQuestion::isSpentByBody(const google::Refusal& refusal) const {
  if (refusal.quota.inputTokens == 0) co_return false;
  const auto body = co_await exchange_.io.held->read();
  json::Document document;
  if (!body || !document.tryRead(body->view())) co_return true;
  co_return google::isSpentByText(refusal, textBytes(document.root()));
}

Task<Heard> ResourceQuestion::heard(const Attempt& attempt, google::Refusal refusal,
                                    std::string body) {
  refused_.reset();
  if (isOfCaches(refusal.quota)) refusal.quota.model.clear();
  // Where one can't be ended none need begin.
  if (isBegunUpload(call())) {
    refusal.quota.model = targetsOfMaking(collectionOf(call())).model.google;
  }
  // A plan without room for a model's caches: another credential may have some, and this one for
  // another model. When nobody has, Google's words say it best.
  if (refusal.reason == "limit_zero") {
    refused_ = readRefusal(refusal.status, body);
    refusal.refusal = RefusalClass::Minute;
    refusal.resetAt = exchange_.services.host.clock.now() + kNoRoomWait;
  }
  if (!refusal.isNarrow) refusal.isNarrow = co_await isSpentByBody(refusal);
  if (isOfCredential(refusal.refusal)) {
    const bool isHeld = call().body == NativeCall::Body::Held;
    if (isHeld && isTurnedDown(refusal)) isSent_ = false;
    if (!isOfMethod(refusal, attempt)) co_return Heard{std::move(refusal), std::nullopt};
    refused_ = readRefusal(refusal.status, body);
    co_return Heard{ofMethod(std::move(refusal)), std::nullopt};
  }
  refused_ = readRefusal(refusal.status, body);
  // The words may be meant for anything in the body, so nothing follows of them.
  if (isMaking(call()) && mayBeHadElsewhere(refusal)) {
    isSent_ = isSent_ && call().body != NativeCall::Body::Held;
    refusal.isNarrow = true;
    auto error = contentError(refusal);
    co_return Heard{std::move(refusal), std::move(error)};
  }
  auto error = refusal.status == 404 ? std::optional(addressNotFound()) : std::nullopt;
  refusal.refusal = RefusalClass::RequestFault;
  refusal.feature.reset();
  co_return Heard{std::move(refusal), std::move(error)};
}

Task<std::optional<AnswerFault>> ResourceQuestion::begin(const ModelName&, const Attempt& attempt,
                                                         host::Fetched answer) {
  own_.reset();
  answer_ = std::move(answer);
  servedBy_ = attempt.credential->id;
  if (isCompatible(call()) && isEvents()) {
    if (auto fault = co_await beginStream()) co_return fault;
  }
  exchange_.services.nativeMakers.remember(exchange_.request.client.name, conversation_, servedBy_);
  if (isStream_) co_return std::nullopt;
  if (ids_ == Ids::AsTheyAre || !isJson()) co_return std::nullopt;
  co_return co_await readText();
}

// Of what begins with an error nothing has come yet.
Task<std::optional<AnswerFault>> ResourceQuestion::beginStream() {
  auto fault = co_await stream_.takeStream(std::move(answer_));
  isStream_ = !fault;
  if (fault && call().body == NativeCall::Body::Held) isSent_ = false;
  co_return fault;
}

bool ResourceQuestion::isJson() const {
  return answer_.head.headers.get("content-type").value_or("").starts_with("application/json");
}

bool ResourceQuestion::isEvents() const {
  return answer_.head.headers.get("content-type").value_or("").starts_with("text/event-stream");
}

Task<std::optional<AnswerFault>> ResourceQuestion::readText() {
  using enum AnswerFault::Kind;
  const Millis patience = exchange_.services.settings.idleTimeout;
  auto read =
      co_await exchange_.watch.await(host::readAll(*answer_.body, bounds::kAnswerBytes), patience);
  if (!read) co_return AnswerFault{BrokenOff, upstreamTimeout(patience), {}};
  auto& text = *read;
  if (!text) {
    const bool isTooLong = text.error().kind == ErrorKind::Broken;
    if (isTooLong) co_return AnswerFault{Final, tooLong(), {}};
    co_return AnswerFault{BrokenOff, endedEarly(text.error()), {}};
  }
  text_ = std::move(*text);
  const auto change = [this](std::string_view id) { return marked(id); };
  if (auto told = translation::withChangedIds(text_, Author::Google, change)) {
    text_ = std::move(*told);
  }
  co_return std::nullopt;
}

std::optional<std::string> ResourceQuestion::marked(std::string_view id) const {
  return writeMarkedId(servedBy_, id);
}

Task<void> ResourceQuestion::passOn(http::Headers headers) {
  if (isStream_) co_return co_await stream_.passOn(std::move(headers));
  for (const auto name : kPassedFields) {
    if (const auto value = answer_.head.headers.get(name)) headers.set(name, std::string(*value));
  }
  if (const auto url = answer_.head.headers.get(kUploadUrl)) headers.set(kUploadUrl, ours(*url));
  http::ResponseHead head{answer_.head.status, std::move(headers)};
  if (ids_ == Ids::AsTheyAre || (!isJson() && !isEvents())) {
    exchange_.reply.beginPassed(std::move(head));
    co_await exchange_.reply.pass(*answer_.body);
    co_return;
  }
  // Nobody reads what it cost, but at its end.
  exchange_.reply.beginPassed(std::move(head));
  if (isEvents()) {
    co_await passEvents();
  } else {
    co_await exchange_.reply.write(std::move(text_));
    exchange_.reply.end();
  }
}

// What breaks off has no end, so that the client's connection breaks off too.
Task<void> ResourceQuestion::passEvents() {
  RenamedEvents events([this](std::string_view id) { return marked(id); });
  for (;;) {
    const auto piped = co_await exchange_.reply.pipe(*answer_.body, events);
    if (!piped) {
      exchange_.record.error = endedEarly(piped.error()).code;
      co_return;
    }
    if (*piped == host::Piped::ToItsEnd) break;
    const auto ready = co_await exchange_.reply.ready();
    if (!ready) co_return;
  }
  co_await exchange_.reply.write(events.finish());
  exchange_.reply.end();
}

// The same address here: what goes there needs the credential too.
std::string ResourceQuestion::ours(std::string_view url) const {
  const auto scheme = url.find("://");
  const auto path = url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  if (path == std::string_view::npos) return call().origin;
  auto told = call().origin + withoutKey(url.substr(path));
  if (ids_ == Ids::AsTheyAre) return told;
  told += told.contains('?') ? '&' : '?';
  return told.append(kUploadCredential).append("=").append(servedBy_);
}

}  // namespace rondo::gateway
