#include "gateway/context_cache.h"

#include <charconv>
#include <cmath>
#include <utility>

#include "base/redact.h"
#include "gateway/place.h"
#include "google/address.h"
#include "json/document.h"
#include "translation/cacheable_body.h"

namespace rondo::gateway {
namespace {

using google::RefusalClass;

// A cache is made in one call with a body of so many bytes at most, which is held until the answer
// has gone out.
constexpr std::size_t kMostBytes = 4 * 1024 * 1024;
constexpr std::size_t kAnswerBytes = 64 * 1024;
constexpr Millis kLongestMaking = std::chrono::seconds(60);

// How long none is made where Google made none: a free plan's key may have no caches at all.
constexpr Millis kRestAfterRefusal = std::chrono::hours(1);
// How long none is used where one was refused.
constexpr Millis kRestAfterUse = std::chrono::minutes(10);

// What stands before the number in what is said of a cache that is too small: by the Gemini API,
// and by Vertex AI.
constexpr std::string_view kLeast[] = {"min_total_token_count=",
                                       "minimum token count to start caching is "};

std::string ownerOf(const Exchange& exchange, const credentials::Credential& credential,
                    std::string_view model) {
  std::string owner = exchange.request.client.name;
  owner.append("\n").append(credential.id).append("\n").append(model);
  return owner;
}

// A conversation is one client's.
std::string keptFor(const Exchange& exchange, std::string_view conversation) {
  return exchange.request.client.name + "\n" + std::string(conversation);
}

std::string fullName(const google::Place& place, std::string_view model) {
  if (place.backend == google::Backend::Gemini) return "models/" + std::string(model);
  return "projects/" + place.project + "/locations/" + place.location +
         "/publishers/google/models/" + std::string(model);
}

bool mayBeOfCache(const google::Refusal& refusal) {
  switch (refusal.refusal) {
    case RefusalClass::RequestFault:
    case RefusalClass::NamedContent:
    case RefusalClass::NoAccess: return true;
    case RefusalClass::DeadCredential: return !google::isSurelyOfCredential(refusal);
    default: return false;
  }
}

std::optional<std::int64_t> leastIn(std::string_view message) {
  for (const auto words : kLeast) {
    const auto at = message.find(words);
    if (at == std::string_view::npos) continue;
    const auto digits = message.substr(at + words.size());
    std::int64_t least = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), least);
    if (fault == std::errc{}) return least;
  }
  return std::nullopt;
}

// One cache on its way to be made.
class Making {
 public:
  Making(Exchange& exchange, const CacheWork& work) : exchange_(exchange), work_(work) {}

  Task<void> run() {
    auto authorization =
        co_await exchange_.services.auth.authorize(exchange_.io, *work_.credential);
    if (!authorization) co_return;
    auto fetched = co_await exchange_.io.fetcher.fetch(request(std::move(*authorization)));
    if (!fetched) co_return refused(fetched.error().message);
    const auto body = co_await host::readAll(*fetched->body, kAnswerBytes);
    const int status = fetched->head.status;
    if (status >= 200 && status < 300 && body) {
      take(*body);
    } else {
      refused(body ? *body : std::string());
    }
  }

 private:
  http::Request request(http::Headers headers) const {
    const auto place = placeOf(*work_.credential);
    const bool isVertex = place.backend == google::Backend::Vertex;
    headers.set("content-type", "application/json");
    http::Request made{
        "POST",
        google::nativeResourceUrl(
            baseUrls(exchange_.services.settings), place,
            {isVertex ? "v1" : "v1beta", "cachedContents", {}, google::NativeResource::Way::Plain}),
        std::move(headers), work_.making->body};
    made.timeout = kLongestMaking;
    return made;
  }

  void take(std::string_view body) {
    json::Document document;
    const auto name =
        document.tryRead(body) ? document.root().find("name").string() : std::string();
    if (name.empty()) return refused("Google told no name.");
    exchange_.services.contextCaches.made(work_.making->key, name, now() + kContextCacheLife);
    log(host::LogLevel::Info, "context_cache_made", {});
  }

  // A key without caches, a model that has none, too few tokens: nothing that the pool should know.
  void refused(std::string_view said) {
    auto& caches = exchange_.services.contextCaches;
    // Nobody makes it any more: what begins so and is longer may be made at once.
    caches.making(work_.making->key, now());
    if (const auto least = leastIn(said)) {
      caches.tooSmall(work_.model, *least);
    } else {
      caches.avoid(work_.owner, now() + kRestAfterRefusal);
    }
    log(host::LogLevel::Warn, "context_cache_refused", redact(said, kLoggedBytes));
  }

  void log(host::LogLevel level, std::string_view event, std::string said) const {
    host::LogRecord fields{{"credential", work_.credential->alias}, {"model", work_.model}};
    if (!said.empty()) fields.push_back({"said", std::move(said)});
    exchange_.services.host.logger.log(level, event, fields);
  }

  Instant now() const { return exchange_.services.host.clock.now(); }

  static constexpr std::size_t kLoggedBytes = 300;

  Exchange& exchange_;
  const CacheWork& work_;
};

}  // namespace

std::string cacheKeeper(const Exchange& exchange, std::string_view conversation) {
  return exchange.services.contextCaches.credentialOf(keptFor(exchange, conversation),
                                                      exchange.services.host.clock.now());
}

void useCache(Exchange& exchange, const Attempt& attempt, const std::string& model,
              std::string conversation, MadeBody& body) {
  exchange.cache = {};
  if (!reachesProject(*attempt.credential)) return;
  auto& caches = exchange.services.contextCaches;
  const Instant now = exchange.services.host.clock.now();
  const auto place = placeOf(*attempt.credential);
  const auto owner = ownerOf(exchange, *attempt.credential, model);
  if (caches.isAvoided(owner, now)) return;
  const auto read = translation::CacheableBody::read(body.bytes, owner);
  if (!read) return;
  CacheWork work{attempt.credential,
                 model,
                 owner,
                 keptFor(exchange, conversation),
                 read->key(read->most()),
                 read->share(read->most()),
                 {},
                 {}};
  const auto plan = caches.planFor(*read, model, now);
  if (plan.make) {
    auto creation = read->creation(
        *plan.make, fullName(place, model),
        std::to_string(std::chrono::floor<std::chrono::seconds>(kContextCacheLife).count()) + "s");
    if (creation.size() <= kMostBytes) {
      work.making = CacheWork::Making{read->key(*plan.make), std::move(creation)};
    }
  }
  if (plan.used && !attempt.limits.refused.has(google::Feature::ContextCache)) {
    body.bytes = read->referring(plan.used->turns, plan.used->name);
    body.uses.features.insert(google::Feature::ContextCache);
    work.used = plan.used->name;
  }
  if (work.making) caches.making(work.making->key, now + kLongestMaking);
  exchange.cache = std::move(work);
}

google::Refusal withoutCache(Exchange& exchange, google::Refusal refusal) {
  if (exchange.cache.used.empty() || !mayBeOfCache(refusal)) return refusal;
  auto& services = exchange.services;
  services.contextCaches.forget(exchange.cache.used);
  services.contextCaches.avoid(exchange.cache.owner, services.host.clock.now() + kRestAfterUse);
  exchange.cache = {};
  refusal.refusal = RefusalClass::MendRequest;
  refusal.feature = google::RefusedFeature{google::Feature::ContextCache};
  return refusal;
}

std::string_view cacheWord(const CacheWork& work) {
  if (work.used.empty()) return work.making ? "making" : "";
  return work.making ? "used, making" : "used";
}

Task<void> tendCache(Exchange& exchange) {
  const CacheWork work = std::exchange(exchange.cache, {});
  const auto& usage = exchange.record.usage;
  if (!work.credential || !usage || usage->prompt <= 0) co_return;
  auto& caches = exchange.services.contextCaches;
  const Instant now = exchange.services.host.clock.now();
  const double tokens = static_cast<double>(usage->prompt) * work.share;
  caches.saw(work.key, std::llround(tokens), now);
  caches.keptBy(work.conversation, work.credential->id, now);
  if (!work.making) co_return;
  caches.making(work.making->key, now + kLongestMaking);
  co_await Making(exchange, work).run();
}

}  // namespace rondo::gateway
