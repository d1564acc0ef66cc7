#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace rondo::credentials {

struct CoolDown {
  Instant until;
  Instant since;  // When the refusal came that made it, or made it longer.
  std::string reason;
};

// The one that ends later, of two that may be null; the first when both end at once.
const CoolDown* longerOf(const CoolDown* one, const CoolDown* other);

// How long to rest when nobody says: each rest that follows another is twice as long.
struct Ladder {
  Millis first;
  Millis most;
};

// The rest that follows on so many others.
Millis lengthOf(const Ladder& ladder, int steps);

// What rests until when, by a name that may come from clients: bounded in number, and of too many
// what ends soonest goes first, be it the newest. Names share what their first 128 bytes share.
class CoolDowns {
 public:
  static constexpr std::size_t kUsualMost = 128;
  explicit CoolDowns(std::size_t most = kUsualMost) : most_(most) {}

  // Nothing when it has ended.
  const CoolDown* find(std::string_view name, Instant now) const;

  // The one that ends last. Nothing when all have ended.
  const CoolDown* longest(Instant now) const;

  // Never shortens one that lasts longer. Whether anything changed.
  bool extend(std::string_view name, CoolDown coolDown);

  // A step up the ladder, or up to `atLeast` where that is later. However many refusals come while
  // it rests, they are one step; ten minutes after its end, all steps are forgotten. Whether it
  // rests anew, or longer than before.
  bool rest(std::string_view name, const Ladder& ladder, Instant atLeast, Instant now,
            std::string reason);

  // Ends the cool-down and forgets the steps, unless a refusal came since `began`.
  void clear(std::string_view name, Instant began);

  // Ends all that came by `moment`.
  void clearAll(Instant moment);

  // Takes the cool-down out, if there is one that has not ended.
  std::optional<CoolDown> take(std::string_view name, Instant now);

  // When the last refusal came that still counts for something.
  Instant latestRefusal() const;

  // Calls `see(name, coolDown)` for each that has not ended.
  template <class See>
  void forEach(Instant now, See see) const {
    for (const auto& [name, entry] : entries_) {
      if (entry.coolDown.until > now) see(name, entry.coolDown);
    }
  }

 private:
  struct Entry {
    CoolDown coolDown;
    int steps = 0;
  };
  Entry* entryFor(std::string_view name, Instant until);

  std::size_t most_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace rondo::credentials
