#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace rondo::telemetry {

// One call to a back-end.
struct AttemptRecord {
  std::string credential;  // Its alias.
  std::string model;
  std::string outcome;  // "under_way", "ok", or the refusal's class.
  std::string reason = {};
  int status = 0;  // Google's.
  std::optional<Instant> reset = {};
  Millis took{};  // Until the answer began, or failed.

  bool isUnderWay() const { return outcome == "under_way"; }
  bool isFailed() const { return !isUnderWay() && outcome != "ok"; }
};

// One client's request that is over.
struct RequestEntry {
  std::string id;
  Instant at;  // When it came.
  std::string operation;
  std::string client;
  std::string model;  // Google's name, or the client's when it didn't come so far. May be empty.
  int status = 0;
  Millis took{};
  std::optional<Millis> firstByte;  // Until Google's answer began.
  std::string credential;           // Who answered last. May be empty.
  std::string_view left;            // A literal: how far it was when its client left. May be empty.
  std::optional<std::int64_t> promptTokens;
  std::optional<std::int64_t> completionTokens;
  std::string error;  // The code of the error that its client got. May be empty.
  std::vector<AttemptRecord> attempts;
};

// The last requests of this isolate.
class RequestList {
 public:
  static constexpr std::size_t kMostRequests = 200;

  void add(RequestEntry entry);

  // Calls `see(entry)` for each, the latest first.
  template <class See>
  void forEach(See see) const {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      see(entries_[(next_ + 2 * entries_.size() - 1 - i) % entries_.size()]);
    }
  }

 private:
  std::vector<RequestEntry> entries_;
  std::size_t next_ = 0;  // Where the next one goes, once the list is full.
};

}  // namespace rondo::telemetry
