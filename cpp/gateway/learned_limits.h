#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/time.h"
#include "google/features.h"

namespace rondo::gateway {

// What models refused of late, by the names of Question::remembersAs. Learned of what outlasts a
// request, once the one without it was accepted; forgotten after an hour. Bounded, since
// clients name models: what was learned longest ago goes first.
class LearnedLimits {
 public:
  google::ModelLimits of(std::string_view model, Instant now) const;

  // `limits` are those of an accepted attempt, `mended` the features among them that its request
  // found refused.
  void learn(const std::string& model, const google::ModelLimits& limits, google::FeatureSet mended,
             Instant now);

 private:
  struct Entry {
    google::ModelLimits limits;
    Instant until;
  };
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace rondo::gateway
