#include "poolmodel/stores.h"

#include <algorithm>
#include <utility>

#include "credentials/kv_credential_store.h"

namespace rondo::poolmodel {
namespace {

constexpr Millis kCopyLasts = std::chrono::minutes(1);
constexpr Millis kKvTakes{10};
constexpr Millis kCallTakes{20};
constexpr Millis kLongestLine = std::chrono::seconds(1);
constexpr Millis kCacheTakes{2};

}  // namespace

// --- KV ------------------------------------------------------------------------------------------

std::optional<std::string> Kv::get(int location, const std::string& key) {
  ++counts_.kvReads;
  const Instant now = queue_.now();
  auto& copy = copies_[{location, key}];
  if (now - copy.taken >= kCopyLasts) copy = {entries_[key], now};
  if (copy.entry.expires <= now) return std::nullopt;
  return copy.entry.value;
}

void Kv::put(int location, const std::string& key, std::string value, Millis ttl) {
  ++(key.starts_with("state:") ? counts_.stateWrites : counts_.tokenWrites);
  write(location, key, {std::move(value), queue_.now() + ttl});
}

void Kv::erase(int location, const std::string& key) {
  ++counts_.deletes;
  write(location, key, {});
}

void Kv::write(int location, const std::string& key, Entry entry) {
  copies_[{location, key}] = {entry, queue_.now()};
  entries_[key] = std::move(entry);
}

Task<Result<std::optional<std::string>>> IsolateKv::get(std::string key) {
  co_await queue_.pass(kKvTakes);
  co_return kv_.get(location_, key);
}

void IsolateKv::putLater(std::string key, std::string value, Millis ttl) {
  kv_.put(location_, key, std::move(value), ttl);
}

void IsolateKv::eraseLater(std::string key) { kv_.erase(location_, key); }

// --- The object ----------------------------------------------------------------------------------

Object::Line& Object::lineOf(const std::string& token) {
  return tokens_ == TokenObjects::One ? line_ : tokenLines_[token];
}

void Object::count(Line& line) {
  ++counts_.objectCalls;
  const auto second = queue_.now().time_since_epoch() / std::chrono::seconds(1);
  if (std::exchange(line.second, second) != second) line.inSecond = 0;
  counts_.objectBusiest = std::max(counts_.objectBusiest, ++line.inSecond);
}

Result<Millis> Object::stand(Line& line) {
  count(line);
  const Instant begins = std::max(line.free, queue_.now());
  const Millis wait = begins - queue_.now();
  if (wait > kLongestLine) {
    ++counts_.objectRefused;
    return fail(makeError(ErrorKind::Transient, "The object is overloaded."));
  }
  line.free = begins + callLasts_;
  return wait + callLasts_ + kCallTakes;
}

Task<Result<std::vector<host::Fact>>> Object::facts() {
  const auto takes = stand(line_);
  co_await queue_.pass(takes.value_or(kCallTakes));
  if (!takes) co_return fail(takes.error());
  credentials::mergeFacts(facts_, {}, queue_.now());
  co_return facts_;
}

Task<Result<void>> Object::share(std::vector<host::Fact> facts) {
  const auto takes = stand(line_);
  co_await queue_.pass(takes.value_or(kCallTakes));
  if (!takes) co_return fail(takes.error());
  credentials::mergeFacts(facts_, facts, queue_.now());
  co_return Result<void>();
}

std::optional<std::string> Object::valueOf(const std::string& key, Instant beyond) {
  const auto found = values_.find(key);
  if (found == values_.end() || found->second.expires <= std::max(beyond, queue_.now())) return {};
  return found->second.bytes;
}

Task<Result<std::optional<std::string>>> Object::claim(std::string key, Instant beyond) {
  ++counts_.objectTokenCalls;
  const auto takes = stand(lineOf(key));
  co_await queue_.pass(takes.value_or(kCallTakes));
  if (!takes) co_return fail(takes.error());
  auto value = valueOf(key, beyond);
  if (value) co_return value;
  const auto held = waiting_.find(key);
  if (held == waiting_.end()) {
    waiting_[key];
    co_return std::nullopt;
  }
  struct Turn {
    std::deque<std::coroutine_handle<>>& waiting;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) { waiting.push_back(handle); }
    void await_resume() const {}
  };
  co_await Turn{held->second};
  co_return valueOf(key, beyond);
}

void Object::settle(const std::string& key, std::string value, Instant expires) {
  ++counts_.objectTokenCalls;
  count(lineOf(key));
  values_[key] = {std::move(value), expires};
  const auto held = waiting_.extract(key);
  if (held.empty()) return;
  for (const auto waiting : held.mapped()) {
    queue_.after(kCallTakes, [waiting] { waiting.resume(); });
  }
}

void Object::release(const std::string& key) {
  ++counts_.objectTokenCalls;
  count(lineOf(key));
  const auto held = waiting_.find(key);
  if (held == waiting_.end()) return;
  if (held->second.empty()) {
    waiting_.erase(held);
    return;
  }
  const auto next = held->second.front();
  held->second.pop_front();
  queue_.after(kCallTakes, [next] { next.resume(); });
}

Task<Result<std::vector<host::Fact>>> IsolateObject::facts() { return object_.facts(); }

Task<Result<void>> IsolateObject::share(std::vector<host::Fact> facts) {
  return object_.share(std::move(facts));
}

Task<Result<std::optional<std::string>>> IsolateObject::claim(std::string key, Instant beyond) {
  auto claimed = co_await object_.claim(key, beyond);
  if (claimed) co_return claimed;
  co_return co_await behind_.claim(std::move(key), beyond);
}

void IsolateObject::settleLater(std::string key, std::string value, Instant expires) {
  object_.settle(key, value, expires);
  behind_.settleLater(std::move(key), std::move(value), expires);
}

void IsolateObject::eraseLater(std::string key) {
  object_.erase(key);
  behind_.eraseLater(std::move(key));
}

// --- The cache of a location ---------------------------------------------------------------------

Task<std::optional<std::string>> Caches::get(int location, std::string key) {
  ++counts_.cacheCalls;
  co_await queue_.pass(kCacheTakes);
  const auto found = entries_.find({location, key});
  if (found == entries_.end() || found->second.expires <= queue_.now()) co_return std::nullopt;
  co_return found->second.value;
}

void Caches::put(int location, const std::string& key, std::string value, Millis ttl) {
  ++counts_.cacheCalls;
  queue_.after(kCacheTakes, [this, location, key, value = std::move(value), ttl]() mutable {
    entries_[{location, key}] = {std::move(value), queue_.now() + ttl};
  });
}

void Caches::erase(int location, const std::string& key) {
  ++counts_.cacheCalls;
  entries_.erase({location, key});
}

}  // namespace rondo::poolmodel
