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
// Durable Object, and over a location's cache: read four times a second at most before a credential
// is chosen, and told at once.
//
// A store that fails is left alone for half a minute, and costs time alone: news that could not be
// told, or whose request was given up meanwhile, wait and are told later. KV says nothing of a
// write that failed or that another isolate's undid; so what was written and isn't in the next
// reading is written again. KV is not written while it can't be read: what others wrote would be
// lost.
//
// What is read is held within what the pool's rules can produce (see keepWithinReach), and a record
// in KV that isn't is written anew. Cool-downs that an operator's reset voids are taken out. Facts
// about names that may be invented are told while 64 are known at most.
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
  Task<void> share(host::Io io);
  Task<void> shareSoon(host::Io io);
  Task<void> tellAtOnce(host::Io io);
  Task<void> tellGathered(host::Io io);
  void gather(Millis atLeast);
  void putBackLost();
  bool hasToWrite() const { return !pending_.empty() || record_ == Record::BeyondReach; }
  bool isOlder(const std::optional<Instant>& event, Millis age);

  CredentialManager& pool_;
  host::Host host_;
  std::vector<host::Fact> known_;
  std::vector<host::Fact> pending_;  // News that wait for their time.
  std::vector<host::Fact> told_;     // Where they may get lost, until they have been read again.
  enum class Record { Sound, BeyondReach } record_ = Record::Sound;  // What was read last.
  std::optional<Instant> readAt_;
  std::optional<Instant> sharedAt_;
  std::optional<Instant> failedAt_;
  host::SignalId reading_ = host::kNoSignal;  // While somebody reads.
};

}  // namespace rondo::credentials
