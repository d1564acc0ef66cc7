#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "credentials/credential.h"
#include "translation/cacheable_body.h"

namespace rondo::gateway {

// How long one of Google's caches is asked to live.
inline constexpr Millis kContextCacheLife = std::chrono::minutes(5);

// What a request leaves to be done with caches behind its answer.
struct CacheWork {
  struct Making {
    std::string key;
    std::string body;  // Of cachedContents.create.
  };

  const credentials::Credential* credential = nullptr;  // Null: nothing.
  std::string model;                                    // Google's name of it.
  std::string owner;                                    // Whose caches the request may use.
  std::string conversation;                             // What tells it from others.
  std::string key;   // Of how the request began, which may come again.
  double share = 0;  // The part of the prompt that this is.
  std::string used;  // The cache that the body refers to. Empty: none.
  std::optional<Making> making;

  std::size_t bytes() const { return making ? making->body.size() : 0; }
};

// What an isolate knows of the beginnings of conversations, and of the explicit context caches that
// it has made for them at Google (CONTEXT_CACHE). Bounded: what was seen longest ago goes first.
class ContextCaches {
 public:
  // What a body has to do with caches: the one to refer to, and the one to make.
  struct Plan {
    struct Used {
      std::size_t turns = 0;
      std::string name;
    };
    std::optional<Used> used;
    std::optional<std::size_t> make;  // So many turns.
  };

  // A beginning is worth a cache when it comes again, when a cache may be that small, and when the
  // best there is holds less than half as much.
  Plan planFor(const translation::CacheableBody& body, std::string_view model, Instant now) const;

  // A request with this beginning was answered, of about so many tokens.
  void saw(const std::string& key, std::int64_t tokens, Instant now);

  // Somebody makes a cache of it: until then nobody else does, nor of what begins so.
  void making(const std::string& key, Instant until);
  void made(const std::string& key, std::string name, Instant expires);
  // Google has it no more, or doesn't take it.
  void forget(std::string_view name);

  // Google makes caches of that model for nothing smaller.
  void tooSmall(const std::string& model, std::int64_t least);

  // Neither makes nor uses any for `owner`, a credential and a model, up to then.
  void avoid(const std::string& owner, Instant until);
  bool isAvoided(std::string_view owner, Instant now) const;

  // Whose cache the conversation has, or will have: a credential's id, or empty.
  std::string credentialOf(std::string_view conversation, Instant now) const;
  void keptBy(std::string conversation, std::string credential, Instant now);

 private:
  struct Cache {
    std::string name;
    Instant expires;
  };
  struct Beginning {
    std::int64_t tokens = 0;
    Instant seen;
    Instant makingUntil = {};
    std::optional<Cache> cache = {};
  };
  struct Keeper {
    std::string credential;
    Instant seen;
  };

  const Beginning* find(const std::string& key, Instant now) const;
  std::int64_t leastTokens(std::string_view model) const;

  std::map<std::string, Beginning, std::less<>> beginnings_;
  std::map<std::string, Keeper, std::less<>> keepers_;  // By conversation.
  std::map<std::string, std::int64_t, std::less<>> least_;
  std::map<std::string, Instant, std::less<>> avoided_;
};

}  // namespace rondo::gateway
