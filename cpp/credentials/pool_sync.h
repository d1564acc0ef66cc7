#pragma once

#include <optional>
#include <vector>

#include "base/task.h"
#include "base/time.h"
#include "credentials/credential_manager.h"
#include "host/host.h"

namespace rondo::credentials {

// Keeps this isolate's pool and those of the others in step, through the requests' store. One an
// isolate; it outlives every request.
//
// Over KV, which may be written a thousand times a day: the record is read once a minute at most
// and before it is written, and written once a minute at most, only for what still lasts a minute,
// a second after the first change, so that changes that come together go out together. None of it
// is in a request's way but the reading when nothing, or only something old, is known. Over a
// Durable Object: read four times a second at most before a credential is chosen, and told at once.
//
// A store that fails costs nothing but what it would have told, and is left alone for half a
// minute. KV is not written while it can't be read: what others wrote would be lost.
class PoolSync {
 public:
  // Both outlive it.
  PoolSync(CredentialManager& pool, const host::Host& host) : pool_(pool), host_(host) {}

  // Before a request chooses its first credential.
  Task<void> before(host::Io io);

  // After the pool took a refusal in: tells the others, where that costs little.
  Task<void> hurry(host::Io io);

  // Behind a request's answer.
  Task<void> after(host::Io io);

 private:
  Task<void> refresh(host::Io io, Millis age);
  Task<void> read(host::Io io);
  Task<void> share(host::Io io, std::vector<host::Fact> news);
  Task<void> shareSoon(host::Io io);
  void gather();
  bool isOlder(const std::optional<Instant>& event, Millis age);

  CredentialManager& pool_;
  host::Host host_;
  std::vector<host::Fact> known_;
  std::vector<host::Fact> pending_;  // News that wait for their time.
  std::optional<Instant> readAt_;
  std::optional<Instant> sharedAt_;
  std::optional<Instant> failedAt_;
  host::SignalId reading_ = host::kNoSignal;  // While somebody reads.
};

}  // namespace rondo::credentials
