#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "credentials/kv_credential_store.h"
#include "host/host.h"
#include "support/fake_host.h"

namespace rondo::fake {

// A store that every isolate sees at once and whose claims one alone holds, as a Durable Object is.
// Knows its isolates by one host, whose loop, clock and signals they share.
class FakeObject : public host::CredentialStore {
 public:
  explicit FakeObject(FakeHost& host) : host_(host) {}

  // A request's I/O over this store.
  host::Io io() {
    return {host_.fetcher, host_.kv, host_.crypto, host_.waiter, *this, host_.holdings};
  }

  Sharing sharing() const override { return Sharing::Prompt; }

  Task<Result<std::vector<host::Fact>>> facts() override {
    ++reads;
    co_await reach();
    if (broken) co_return fail(fault());
    credentials::mergeFacts(known, {}, host_.clock.now());
    co_return known;
  }

  Task<Result<void>> share(std::vector<host::Fact> facts) override {
    ++writes;
    co_await reach();
    if (broken) co_return fail(fault());
    credentials::mergeFacts(known, facts, host_.clock.now());
    co_return Result<void>();
  }

  Task<Result<std::optional<std::string>>> claim(std::string key, Instant beyond) override {
    ++claims;
    co_await reach();
    if (broken) co_return fail(fault());
    const Instant patience = host_.clock.now() + kPatience;
    while (!find(key, beyond) && held_.contains(key) && host_.clock.now() < patience) {
      co_await host_.waiter.wait(held_[key], patience - host_.clock.now());
    }
    auto value = find(key, beyond);
    if (!value && !held_.contains(key)) held_[key] = host_.signals.create();
    co_return value;
  }

  void settleLater(std::string key, std::string value, Instant expires) override {
    if (broken) return;
    values[key] = {std::move(value), expires};
    giveUp(key);
  }
  void releaseLater(std::string key) override {
    ++releases;
    if (!broken) giveUp(key);
  }
  void eraseLater(std::string key) override {
    if (!broken) values.erase(key);
  }

  struct Value {
    std::string text;
    Instant expires;
  };

  std::vector<host::Fact> known;
  std::map<std::string, Value> values;
  int reads = 0;
  int writes = 0;
  int claims = 0;
  int releases = 0;
  bool broken = false;
  bool silent = false;  // Answers nothing, to nobody.

 private:
  static constexpr Millis kPatience = std::chrono::seconds(10);

  static Error fault() { return makeError(ErrorKind::Transient, "the object is gone"); }

  Task<void> reach() {
    Loop::Op op(host_.loop);
    if (!silent) op.complete();
    co_await op;
  }

  std::optional<std::string> find(const std::string& key, Instant beyond) const {
    const auto value = values.find(key);
    if (value == values.end() || value->second.expires <= beyond) return std::nullopt;
    return value->second.text;
  }

  void giveUp(const std::string& key) {
    const auto held = held_.find(key);
    if (held == held_.end()) return;
    const auto signal = held->second;
    held_.erase(held);
    host_.signals.raise(signal);
  }

  FakeHost& host_;
  std::map<std::string, host::SignalId> held_;
};

}  // namespace rondo::fake
