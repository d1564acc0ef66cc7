#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "host/credential_store.h"

namespace rondo::credentials {

// Facts by key, to ask for many whether they are among them. Borrows from them.
class KnownFacts {
 public:
  explicit KnownFacts(const std::vector<host::Fact>& known) {
    for (const auto& each : known) ranks_.emplace(each.key, each.rank);
  }

  // Whether it is there, or one that outranks it.
  bool have(const host::Fact& fact) const {
    const auto same = ranks_.find(fact.key);
    return same != ranks_.end() && same->second >= fact.rank;
  }

 private:
  std::unordered_map<std::string_view, std::int64_t> ranks_;
};

}  // namespace rondo::credentials
