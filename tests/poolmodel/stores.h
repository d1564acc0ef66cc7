#pragma once

#include <coroutine>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/credential_store.h"
#include "host/kv_store.h"
#include "poolmodel/event_queue.h"

namespace rondo::poolmodel {

struct StoreCounts {
  std::int64_t kvReads = 0;
  std::int64_t tokenWrites = 0;
  std::int64_t stateWrites = 0;
  std::int64_t deletes = 0;
  std::int64_t objectCalls = 0;
  std::int64_t objectTokenCalls = 0;  // Of these, the ones about tokens.
  std::int64_t objectRefused = 0;     // Of these, the ones that found too long a line.
  std::int64_t objectBusiest = 0;     // Calls of one object in its busiest second.
  std::int64_t cacheCalls = 0;
};

// Workers KV: a write is seen at once where it was made, and elsewhere when the copy there, of a
// value or of its absence, is a minute old.
class Kv {
 public:
  Kv(EventQueue& queue, StoreCounts& counts) : queue_(queue), counts_(counts) {}

  std::optional<std::string> get(int location, const std::string& key);
  void put(int location, const std::string& key, std::string value, Millis ttl);
  void erase(int location, const std::string& key);

 private:
  struct Entry {
    std::optional<std::string> value;
    Instant expires;
  };
  struct Copy {
    Entry entry;
    Instant taken;
  };
  void write(int location, const std::string& key, Entry entry);

  EventQueue& queue_;
  StoreCounts& counts_;
  std::map<std::string, Entry> entries_;
  std::map<std::pair<int, std::string>, Copy> copies_;
};

// KV as one isolate sees it.
class IsolateKv : public host::KvStore {
 public:
  IsolateKv(Kv& kv, EventQueue& queue, int location)
      : kv_(kv), queue_(queue), location_(location) {}
  Task<Result<std::optional<std::string>>> get(std::string key) override;
  void putLater(std::string key, std::string value, Millis ttl) override;
  void eraseLater(std::string key) override;

 private:
  Kv& kv_;
  EventQueue& queue_;
  int location_;
};

// Where tokens lie: in the object that has the facts, or each in one of its own.
enum class TokenObjects { One, OneForEach };

// The Durable Object that all isolates share, or several. Each call keeps one busy for `callLasts`,
// and those that come meanwhile stand in line; where the line is a second long it refuses, as an
// overloaded one does.
class Object {
 public:
  Object(EventQueue& queue, StoreCounts& counts, Millis callLasts, TokenObjects tokens)
      : queue_(queue), counts_(counts), callLasts_(callLasts), tokens_(tokens) {}

  Task<Result<std::vector<host::Fact>>> facts();
  Task<Result<void>> share(std::vector<host::Fact> facts);
  Task<Result<std::optional<std::string>>> claim(std::string key, Instant beyond);
  void settle(const std::string& key, std::string value, Instant expires);
  void release(const std::string& key);
  void erase(const std::string& key) { values_.erase(key); }

 private:
  struct Value {
    std::string bytes;
    Instant expires;
  };
  struct Line {
    Instant free;             // When it is done.
    std::int64_t second = 0;  // The second that `inSecond` counts.
    std::int64_t inSecond = 0;
  };
  std::optional<std::string> valueOf(const std::string& key, Instant beyond);
  // The line of the object that has this token.
  Line& lineOf(const std::string& token);
  void count(Line& line);
  // How long the call takes that is made now; Transient when it is refused.
  Result<Millis> stand(Line& line);

  EventQueue& queue_;
  StoreCounts& counts_;
  Millis callLasts_;
  TokenObjects tokens_;
  Line line_;
  std::map<std::string, Line> tokenLines_;
  std::vector<host::Fact> facts_;
  std::map<std::string, Value> values_;
  std::map<std::string, std::deque<std::coroutine_handle<>>>
      waiting_;  // behind who holds the claim
};

// The object as one isolate sees it; tokens go to KV as well, and come from there when it refuses.
class IsolateObject : public host::CredentialStore {
 public:
  IsolateObject(Object& object, host::CredentialStore& behind) : object_(object), behind_(behind) {}
  Sharing sharing() const override { return Sharing::Prompt; }
  Task<Result<std::vector<host::Fact>>> facts() override;
  Task<Result<void>> share(std::vector<host::Fact> facts) override;
  Task<Result<std::optional<std::string>>> claim(std::string key, Instant beyond) override;
  void settleLater(std::string key, std::string value, Instant expires) override;
  void releaseLater(std::string key) override { object_.release(key); }
  void eraseLater(std::string key) override;

 private:
  Object& object_;
  host::CredentialStore& behind_;
};

// What the isolates of each location share through its cache (Cloudflare's Cache API). What was put
// is seen at once; of two that put at once the later one's holds.
class Caches {
 public:
  Caches(EventQueue& queue, StoreCounts& counts) : queue_(queue), counts_(counts) {}

  Task<std::optional<std::string>> get(int location, std::string key);
  void put(int location, const std::string& key, std::string value, Millis ttl);
  void erase(int location, const std::string& key);

 private:
  struct Entry {
    std::string value;
    Instant expires;
  };

  EventQueue& queue_;
  StoreCounts& counts_;
  std::map<std::pair<int, std::string>, Entry> entries_;
};

// The cache as one isolate sees it.
class IsolateCache : public host::KvStore {
 public:
  IsolateCache(Caches& caches, int location) : caches_(caches), location_(location) {}
  Task<Result<std::optional<std::string>>> get(std::string key) override {
    co_return co_await caches_.get(location_, std::move(key));
  }
  void putLater(std::string key, std::string value, Millis ttl) override {
    caches_.put(location_, key, std::move(value), ttl);
  }
  void eraseLater(std::string key) override { caches_.erase(location_, key); }

 private:
  Caches& caches_;
  int location_;
};

}  // namespace rondo::poolmodel
