#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "credentials/pool_facts.h"

namespace rondo::credentials {

// Whether a quarantine may end by itself, and how soon that is tried.
enum class Healing {
  Never,
  ByProbe,  // Once somebody has mended the account: after 10 minutes, doubling to 4 hours.
  ByRest,   // Maybe without anybody's doing: after 5 minutes, doubling to 4 hours.
};

// What a refusal of the whole credential changed.
enum class Refused {
  Nothing,  // It was out already: requests that were under way are refused too.
  Probe,    // It was tried again in vain: the next try comes later.
  Reason,   // It was well, or out for another reason.
};

// Whether one credential is in quarantine, and when one request may try it again. The last event
// holds: what other isolates tell arrives in any order.
class Health {
 public:
  // Null when it is well.
  const Quarantine* quarantine() const { return quarantine_ ? &*quarantine_ : nullptr; }

  // Whether it is in quarantine and not to be tried yet.
  bool isOut(Instant now) const;

  // When the quarantine last began, ended or was probed in vain.
  Instant changed() const { return changed_; }

  // It was chosen for a request. In quarantine that is the probe, and there is none besides it for
  // a minute.
  void choose(Instant now);

  // Begins a quarantine. One that follows another keeps the first one's time; after each probe in
  // vain the next one comes after twice as long.
  Refused refuse(std::string reason, std::string remedy, Healing healing, Instant now);

  // An attempt that began at `began` worked. Whether that ends a quarantine, which it doesn't when
  // the quarantine changed since.
  bool succeed(Instant began, Instant now);

  // It is in quarantine, or well, since `at`. Nothing to do when a later change is known.
  void takeOut(const Quarantine& quarantine, Instant at);
  void free(Instant at);

 private:
  void become(std::optional<Quarantine> quarantine, Instant at);

  std::optional<Quarantine> quarantine_;
  enum class Probe { None, UnderWay } probe_ = Probe::None;
  Instant changed_;
};

}  // namespace rondo::credentials
