#include <algorithm>
#include <utility>
#include <vector>

#include "gateway/ask.h"
#include "gateway/google_refusal.h"
#include "gateway/marked_id.h"
#include "gateway/named_credential.h"
#include "gateway/native_errors.h"
#include "gateway/operations.h"
#include "gateway/place.h"
#include "gateway/resource_address.h"
#include "gateway/resource_list.h"
#include "gateway/resource_name.h"
#include "gateway/resource_question.h"
#include "gateway/send_reply.h"
#include "openai/passed_chat.h"
#include "translation/native_models.h"

namespace rondo::gateway {
namespace {

using credentials::Credential;
using Members = std::vector<const Credential*>;
using Ids = ResourceQuestion::Ids;

bool isStoredContent(const NativeCall& call) {
  const auto collection = collectionOf(call);
  return collection == "files" || collection == "cachedContents";
}

// Of Google's OpenAI-compatible endpoints, what leaves nothing behind that could be named later:
// https://ai.google.dev/gemini-api/docs/openai
bool keepsNothing(const NativeCall& call) {
  constexpr std::string_view kOfGemini[] = {"openai/chat/", "openai/embeddings", "openai/images/",
                                            "openai/models", "openai/audio/"};
  constexpr std::string_view kOfVertex[] = {"endpoints/openapi/chat/",
                                            "endpoints/openapi/embeddings"};
  const auto isBelow = [&call](std::string_view path) { return call.path.starts_with(path); };
  return std::ranges::any_of(kOfGemini, isBelow) || std::ranges::any_of(kOfVertex, isBelow);
}

// Whether the address alone names something that lies at Google's: also an interaction by its id,
// and what Google's OpenAI-compatible paths keep.
bool namesStored(const NativeCall& call) {
  const auto path = readResourcePath(call.path);
  if (path.collection == "interactions") return !path.id.empty();
  if (isCompatible(call)) return !keepsNothing(call);
  return isStoredContent(call);
}

// Why a client may not have what it asks for. Where its key is held to some models, what names its
// model in its body is none of its business.
std::optional<Error> refusalFor(const Exchange& exchange) {
  const Settings& settings = exchange.services.settings;
  const ClientRequest& request = exchange.request;
  const bool mayNameAll =
      settings.storedContent.all && request.client.stored == Client::Stored::Allowed;
  if (namesStored(request.native) && !mayNameAll) {
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

// Those with which such things lie.
Members membersWith(const Exchange& exchange) {
  const NativeCall& call = exchange.request.native;
  const auto kept = targetsOfKept(collectionOf(call));
  Members members;
  for (const auto& each : exchange.services.pool.credentials()) {
    const bool isMember = placeOf(each).backend == call.backend && reachesProject(each);
    if (isMember && credentials::serves(each, kept.model.google)) members.push_back(&each);
  }
  return members;
}

// Nobody has it, or nobody could tell who of them is meant.
std::optional<Error> notServed(const Exchange& exchange, const Members& members) {
  const NativeCall& call = exchange.request.native;
  const bool isAnybodys = !isCompatible(call) || keepsNothing(call);
  if (members.size() == 1 || (!members.empty() && isAnybodys)) return std::nullopt;
  const bool isVertex = call.backend == google::Backend::Vertex;
  const std::string kind =
      isVertex ? "credential of Vertex AI with a project" : "credential of the Gemini API";
  if (members.empty()) {
    return makeError(ErrorKind::BadRequest,
                     "`" + collectionOf(call) + "` needs a " + kind + ", such as " +
                         (isVertex ? "a service account" : "an API key") +
                         ", and the pool has none that serves it.",
                     "resource_not_served");
  }
  return makeError(ErrorKind::BadRequest,
                   "`" + collectionOf(call) +
                       "` belongs to one project: it is passed through where the pool has one " +
                       kind + ", and this one has " + std::to_string(members.size()) + ".",
                   "resource_not_served");
}

// Takes from the address what tells of a credential, and has the request go through that one.
class Address {
 public:
  Address(Exchange& exchange, const Members& members)
      : exchange_(exchange), members_(members), call_(exchange.request.native) {}

  Result<void> read() {
    if (isCompatible(call_)) return {};
    auto path = readResourcePath(call_.path);
    if (!path.id.empty()) {
      if (auto named = take(path); !named) return named;
    }
    if (call_.way == NativeCall::Way::Upload) return takeUpload();
    return {};
  }

 private:
  Result<void> take(ResourcePath& path) {
    auto marked = readMarkedId(path.id);
    if (!marked && members_.size() == 1) return {};
    if (!marked || !isMember(marked->credential)) return fail(nameNotFound(call_.path));
    path.id = std::move(marked->id);
    call_.path = writeResourcePath(path);
    return goThrough(exchange_, marked->credential);
  }

  // The bytes of an upload go where it began.
  Result<void> takeUpload() {
    const auto credential = parameterIn(call_.query, kUploadCredential);
    if (!credential) {
      if (isBegunUpload(call_) && members_.size() > 1) return fail(nameNotFound(call_.path));
      return {};
    }
    call_.query = withoutParameter(call_.query, kUploadCredential);
    if (!isMember(*credential)) return fail(nameNotFound(call_.path));
    return goThrough(exchange_, *credential);
  }

  bool isMember(std::string_view id) const {
    return std::ranges::any_of(members_, [id](const Credential* each) { return each->id == id; });
  }

  Exchange& exchange_;
  const Members& members_;
  NativeCall& call_;
};

// Where nobody else could be meant by a request to a model either, names stay Google's.
Ids idsOf(const Exchange& exchange) {
  const bool isAlone = exchange.services.pool.credentials().size() == 1;
  return isAlone || isCompatible(exchange.request.native) ? Ids::AsTheyAre : Ids::Marked;
}

bool isList(const NativeCall& call) {
  const auto path = readResourcePath(call.path);
  return isStoredContent(call) && call.method == "GET" && call.way == NativeCall::Way::Plain &&
         path.id.empty() && path.rest.empty();
}

// Whether a body comes along, and one that isn't an upload's.
bool mayName(const ClientRequest& request) {
  const NativeCall& call = request.native;
  const bool hasBody = call.body == NativeCall::Body::Piped || !request.body.view().empty();
  return hasBody && call.way == NativeCall::Way::Plain;
}

// The model that the body names. Mostly it stands where the body begins.
Task<std::string> modelNamed(Exchange& exchange) {
  const NativeCall& call = exchange.request.native;
  auto model = modelNamedIn(exchange.request.body.view());
  if (!model.empty() || call.body != NativeCall::Body::Held) co_return model;
  const auto body = co_await exchange.io.held->read();
  co_return body ? modelNamedIn(body->view()) : std::string();
}

// Whether a body may name the model that something is made for.
bool mayNameModel(const NativeCall& call) {
  return isMaking(call) && call.way == NativeCall::Way::Plain &&
         call.body == NativeCall::Body::Held && collectionOf(call) != "files";
}

// The body with Google's name of the model in the place of an alias. Nothing where it has none.
Task<std::optional<std::string>> withoutAlias(Exchange& exchange,
                                              const std::optional<std::string>& own) {
  const Settings& settings = exchange.services.settings;
  const bool hasAliases = !settings.modelAliases.empty();
  if (!hasAliases || !mayNameModel(exchange.request.native)) co_return std::nullopt;
  const auto asked = co_await modelNamed(exchange);
  const auto model = nameModel(settings, asked);
  if (asked.empty() || model.google == asked) co_return std::nullopt;
  const auto change = [&](std::string_view name) -> std::optional<std::string> {
    if (googleModelIn(name) != asked) return std::nullopt;
    name.remove_suffix(asked.size());
    return std::string(name).append(model.google);
  };
  if (own) co_return translation::withChangedModels(*own, change);
  const auto body = co_await exchange.io.held->read();
  co_return body ? translation::withChangedModels(body->view(), change) : std::nullopt;
}

// The body with Google's own names, where it has any of ours, and only such as the client may name.
Task<Result<std::optional<std::string>>> readBody(Exchange& exchange) {
  if (!mayName(exchange.request)) co_return std::nullopt;
  auto body = co_await bodyForGoogle(exchange);
  if (!body) co_return body;
  auto refused = co_await contentRefused(exchange, *body);
  if (refused) co_return fail(std::move(*refused));
  if (auto other = co_await withoutAlias(exchange, *body)) co_return std::move(other);
  co_return body;
}

Task<Targets> targetsOf(Exchange& exchange) {
  const NativeCall& call = exchange.request.native;
  const auto collection = collectionOf(call);
  if (!isMaking(call)) co_return targetsOfKept(collection);
  if (isBegunUpload(call)) co_return targetsOfBegun(collection);
  // A file is of no model, and its bytes are nobody's to look at.
  if (collection == "files") co_return targetsOfMaking(collection);
  const auto asked = co_await modelNamed(exchange);
  co_return targetsOfMaking(collection, nameModel(exchange.services.settings, asked).google);
}

std::string signedConversation(std::string_view body) {
  const auto chat = openai::readPassedChat(body);
  return chat ? openai::signedConversationOf(*chat) : std::string();
}

Task<std::string> conversationOf(Exchange& exchange, const std::optional<std::string>& own) {
  const NativeCall& call = exchange.request.native;
  const bool isHeld = call.body == NativeCall::Body::Held;
  const bool isChat = isCompatible(call) && call.path.ends_with("/chat/completions");
  if (!isChat || !isHeld || exchange.services.pool.credentials().size() < 2) co_return "";
  if (own) co_return signedConversation(*own);
  const auto body = co_await exchange.io.held->read();
  co_return body ? signedConversation(body->view()) : std::string();
}

Task<void> askOne(Exchange& exchange, std::optional<std::string> body) {
  auto conversation = co_await conversationOf(exchange, body);
  ResourceQuestion question(exchange, idsOf(exchange), std::move(body), std::move(conversation));
  auto targets = co_await targetsOf(exchange);
  auto asked = co_await ask(exchange, question, std::move(targets));
  const Attempt* attempt = asked.attempt ? &*asked.attempt : nullptr;
  auto headers = answerHeaders(exchange, asked.model, attempt);
  if (attempt) {
    co_await question.passOn(std::move(headers));
  } else if (question.refused()) {
    sendRefusal(exchange, *question.refused(), asked.attempt.error(), std::move(headers));
  } else {
    sendError(exchange, nativeErrors(), asked.attempt.error(), std::move(headers));
  }
}

}  // namespace

Task<void> nativeResource(Exchange& exchange) {
  auto members = membersWith(exchange);
  auto refused = refusalFor(exchange);
  if (!refused) refused = notServed(exchange, members);
  if (refused) {
    sendError(exchange, nativeErrors(), *refused);
    co_return;
  }
  if (auto read = Address(exchange, members).read(); !read) {
    sendError(exchange, nativeErrors(), read.error());
    co_return;
  }
  auto body = co_await readBody(exchange);
  if (!body) {
    sendError(exchange, nativeErrors(), body.error());
    co_return;
  }
  if (members.size() > 1 && isList(exchange.request.native)) {
    co_await listResources(exchange, std::move(members));
  } else {
    co_await askOne(exchange, std::move(*body));
  }
}

}  // namespace rondo::gateway
