#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/clock.h"
#include "host/credential_store.h"
#include "host/kv_store.h"
#include "host/logger.h"

namespace rondo::credentials {

// Where the facts lie in KV, all in one record.
inline constexpr std::string_view kStateKey = "state:v1";

// [[key, rank, expires, value], …], times in milliseconds since 1970.
std::string encodeFacts(const std::vector<host::Fact>& facts);

// What can be read of it. Elements that are no facts are left out, and those whose key or value is
// longer than 4096 bytes; a text of more than four million bytes is not read at all.
std::vector<host::Fact> decodeFacts(std::string_view text);

// Takes `news` into `known` by the rule of host::Fact, and drops what has expired. Facts are
// bounded in number too: of more than 1024, those that are worth least are dropped (see
// isWorthLess). Whether `known` has something that it had not before.
bool mergeFacts(std::vector<host::Fact>& known, const std::vector<host::Fact>& news, Instant now);

// The pool's store over KV, which every deployment has. What is shared takes the place of what was
// there: two isolates that share within the same minute may undo each other's news, which costs a
// wasted attempt and nothing else.
class KvCredentialStore : public host::CredentialStore {
 public:
  KvCredentialStore(host::KvStore& kv, host::Clock& clock, host::Logger& logger)
      : kv_(kv), clock_(clock), logger_(logger) {}

  Sharing sharing() const override { return Sharing::Scarce; }
  Task<Result<std::vector<host::Fact>>> facts() override;
  Task<Result<void>> share(std::vector<host::Fact> facts) override;
  // KV doesn't know how long a value is good for, so it may be one that doesn't outlast `beyond`.
  Task<Result<std::optional<std::string>>> claim(std::string key, Instant beyond) override;
  void settleLater(std::string key, std::string value, Instant expires) override;
  void releaseLater(std::string key) override;
  void eraseLater(std::string key) override;

 private:
  host::KvStore& kv_;
  host::Clock& clock_;
  host::Logger& logger_;
};

}  // namespace rondo::credentials
