#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "base/task.h"
#include "host/fetcher.h"
#include "poolmodel/event_queue.h"

namespace rondo::poolmodel {

struct Account {
  int perMinute = 0;
  std::int64_t perDay = 0;
  bool isKilled = false;

  std::int64_t minute = 0;  // The clock minute that `inMinute` counts.
  int inMinute = 0;
  std::int64_t inDay = 0;
};

struct GoogleCounts {
  std::int64_t calls = 0;   // of models
  std::int64_t wasted = 0;  // Refused for a quota or a dead credential.
  std::int64_t mints = 0;
};

// Google's token endpoint and models: authorized users whose refresh tokens are "refresh-<n>". A
// call that is refused counts against no quota.
class Google {
 public:
  Google(EventQueue& queue, std::vector<Account> accounts, double failureRate, std::uint32_t seed)
      : queue_(queue),
        accounts_(std::move(accounts)),
        ideal_(accounts_),
        failureRate_(failureRate),
        random_(seed) {}

  Task<Result<host::Fetched>> answer(http::Request request);

  // Whether a living account has quota left, now or in the next minute if that begins within
  // `wait`.
  bool canServe(Millis wait);

  // One request more at a pool that knows all and loses nothing: whether the quotas allow it.
  bool allows();

  void kill(std::size_t account) {
    accounts_[account].isKilled = true;
    ideal_[account].isKilled = true;
  }

  GoogleCounts counts;

 private:
  struct Reply {
    int status;
    std::string body;
    Millis took;
  };
  Reply mint(const http::Request& request);
  Reply generate(const http::Request& request);
  Reply spent(const Account& account);
  void roll(Account& account);
  Millis around(int millis);

  EventQueue& queue_;
  std::vector<Account> accounts_;
  std::vector<Account> ideal_;
  double failureRate_;
  std::mt19937 random_;
};

}  // namespace rondo::poolmodel
