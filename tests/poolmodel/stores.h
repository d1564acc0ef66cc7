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
  std::int64_t objectBusiest = 0;     // Calls in the busiest second.
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

// The Durable Object that all isolates share. Each call keeps it busy for `callLasts`, and those
// that come meanwhile stand in line; where the line is a second long it refuses, as an overloaded
// one does.
class Object {
 public:
  Object(EventQueue& queue, StoreCounts& counts, Millis callLasts)
      : queue_(queue), counts_(counts), callLasts_(callLasts) {}

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
  std::optional<std::string> valueOf(const std::string& key, Instant beyond);
  void count();
  // How long the call takes that is made now; Transient when it is refused.
  Result<Millis> standInLine();

  EventQueue& queue_;
  StoreCounts& counts_;
  Millis callLasts_;
  Instant free_;             // When the line is done.
  std::int64_t second_ = 0;  // The second that `inSecond_` counts.
  std::int64_t inSecond_ = 0;
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

}  // namespace rondo::poolmodel
