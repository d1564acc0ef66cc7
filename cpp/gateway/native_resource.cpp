#include <algorithm>
#include <utility>
#include <vector>

#include "base/bounds.h"
#include "base/redact.h"
#include "gateway/ask.h"
#include "gateway/native_errors.h"
#include "gateway/operations.h"
#include "gateway/place.h"
#include "gateway/pool_errors.h"
#include "gateway/question.h"
#include "gateway/send_reply.h"

namespace rondo::gateway {
namespace {

using credentials::Credential;
using google::RefusalClass;

// The header field by which Google says where the bytes of an upload go.
constexpr std::string_view kUploadUrl = "x-goog-upload-url";
constexpr std::string_view kPassedFields[] = {"content-type", "x-goog-upload-status",
                                              "x-goog-upload-chunk-granularity"};

// "cachedContents" of "cachedContents/a".
std::string collectionOf(const NativeCall& call) {
  return call.path.substr(0, call.path.find_first_of("/:"));
}

bool isStoredContent(const NativeCall& call) {
  const auto collection = collectionOf(call);
  return collection == "files" || collection == "cachedContents";
}

// What Google says of it, passed on but for what concerns the credential itself.
bool isOfCredential(RefusalClass refusal) {
  using enum RefusalClass;
  return refusal == FixToken || refusal == DeadCredential || refusal == Minute || refusal == Day ||
         refusal == Transient || refusal == Capacity;
}

// An address without the credential that Google may have put into its query.
std::string withoutKey(std::string_view url) {
  const auto mark = std::min(url.find('?'), url.size());
  std::string kept(url.substr(0, mark));
  char before = '?';
  for (auto rest = url.substr(mark); !rest.empty();) {
    const auto parameter = rest.substr(1, rest.find('&', 1) - 1);
    rest.remove_prefix(1 + parameter.size());
    if (parameter.starts_with("key=") || parameter.starts_with("access_token=")) continue;
    kept.append(1, std::exchange(before, '&')).append(parameter);
  }
  return kept;
}

// A call to what belongs to the one credential that has such things.
class ResourceQuestion : public Question {
 public:
  struct Refused {
    int status;
    std::string body;
  };

  explicit ResourceQuestion(Exchange& exchange) : exchange_(exchange) {}

  Result<http::Request> requestTo(const google::BaseUrls& bases, const google::Place& place,
                                  const ModelName&) const override {
    using Way = google::NativeResource::Way;
    const bool isUpload = call().way == NativeCall::Way::Upload;
    auto url = google::nativeResourceUrl(
        bases, place,
        {call().version, call().path, call().query, isUpload ? Way::Upload : Way::Plain});
    return http::Request{call().method, std::move(url), call().fields, {}};
  }

  bool canGoThrough(const Credential& credential) const override {
    return placeOf(credential).backend == call().backend;
  }

  // What has been made twice is there twice.
  bool isRepeatable() const override { return call().method == "GET" || !isSent_; }

  Task<Result<MadeBody>> bodyFor(const ModelName&, const Attempt&) override {
    isSent_ = true;
    MadeBody body;
    const bool hasBody = call().method != "GET" && call().method != "DELETE";
    if (hasBody) body.source = http::Request::BodySource::Held;
    co_return body;
  }

  Heard heard(google::Refusal refusal, std::string body) override {
    if (isOfCredential(refusal.refusal)) return {std::move(refusal), std::nullopt};
    refusal.refusal = RefusalClass::RequestFault;
    refusal.feature.reset();
    refused_ = Refused{refusal.status, redact(body, bounds::kErrorBytes)};
    return {std::move(refusal), std::nullopt};
  }

  Task<std::optional<AnswerFault>> begin(const ModelName&, const Attempt&,
                                         host::Fetched answer) override {
    answer_ = std::move(answer);
    co_return std::nullopt;
  }

  http::Headers presented(const http::Headers& authorization) const override {
    return collectionOf(call()) == "openai" ? asBearer(authorization) : authorization;
  }

  const std::optional<Refused>& refused() const { return refused_; }

  Task<void> passOn(http::Headers headers) {
    for (const auto name : kPassedFields) {
      if (const auto value = answer_.head.headers.get(name)) headers.set(name, std::string(*value));
    }
    if (const auto url = answer_.head.headers.get(kUploadUrl)) headers.set(kUploadUrl, ours(*url));
    exchange_.reply.beginPassed({answer_.head.status, std::move(headers)});
    co_await exchange_.reply.pass(*answer_.body);
  }

 private:
  const NativeCall& call() const { return exchange_.request.native; }

  // The same address here: what goes there needs the credential too.
  std::string ours(std::string_view url) const {
    const auto scheme = url.find("://");
    const auto path = url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
    if (path == std::string_view::npos) return call().origin;
    return call().origin + withoutKey(url.substr(path));
  }

  Exchange& exchange_;
  host::Fetched answer_;
  std::optional<Refused> refused_;
  bool isSent_ = false;
};

// Why a client may not have what it asks for. Where its key is held to some models, what names its
// model in its body is none of its business.
std::optional<Error> refusalFor(const Exchange& exchange) {
  const Settings& settings = exchange.services.settings;
  const ClientRequest& request = exchange.request;
  const bool mayNameAll =
      settings.storedContent.all && request.client.stored == Client::Stored::Allowed;
  if (isStoredContent(request.native) && !mayNameAll) {
    return makeError(ErrorKind::Forbidden,
                     "This gateway doesn't let you use content that is stored at Google.",
                     "stored_content_not_allowed");
  }
  if (!request.client.models.empty() && collectionOf(request.native) != "files") {
    return makeError(ErrorKind::Forbidden,
                     "Your key allows some models only, and this path names none.",
                     "model_not_allowed");
  }
  return std::nullopt;
}

// It belongs to one project, so there must be but one that could be meant.
std::optional<Error> ambiguity(const Exchange& exchange, const ResourceQuestion& question) {
  const auto count =
      std::ranges::count_if(exchange.services.pool.credentials(),
                            [&](const Credential& each) { return question.canGoThrough(each); });
  if (count == 1) return std::nullopt;
  const bool isVertex = exchange.request.native.backend == google::Backend::Vertex;
  return makeError(ErrorKind::BadRequest,
                   "`" + collectionOf(exchange.request.native) +
                       "` belongs to one project: it is passed through where the pool has one " +
                       (isVertex ? "credential of Vertex AI" : "API key of the Gemini API") +
                       ", and this one has " + std::to_string(count) + ".",
                   "resource_not_served");
}

}  // namespace

Task<void> nativeResource(Exchange& exchange) {
  ResourceQuestion question(exchange);
  auto refused = refusalFor(exchange);
  if (!refused) refused = ambiguity(exchange, question);
  if (refused) {
    sendError(exchange, nativeErrors(), *refused);
    co_return;
  }
  ModelName name;
  name.asked = name.plain = name.google = collectionOf(exchange.request.native);
  auto asked = co_await ask(exchange, question, {std::move(name), {}});
  const Attempt* attempt = asked.attempt ? &*asked.attempt : nullptr;
  auto headers = answerHeaders(exchange, asked.model, attempt);
  if (attempt) {
    co_await question.passOn(std::move(headers));
  } else if (question.refused()) {
    exchange.record.error = asked.attempt.error().code;
    headers.set("content-type", "application/json; charset=UTF-8");
    exchange.reply.send(
        {{question.refused()->status, std::move(headers)}, question.refused()->body});
  } else {
    sendError(exchange, nativeErrors(), asked.attempt.error(), std::move(headers));
  }
}

}  // namespace rondo::gateway
