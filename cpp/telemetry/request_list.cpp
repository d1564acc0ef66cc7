#include "telemetry/request_list.h"

#include <utility>

namespace rondo::telemetry {
namespace {

// Of a text that a client or Google made up.
constexpr std::size_t kLongestText = 256;

void shorten(std::string& text) {
  if (text.size() > kLongestText) text.resize(kLongestText);
}

}  // namespace

void RequestList::add(RequestEntry entry) {
  for (auto* text : {&entry.client, &entry.model, &entry.credential, &entry.error}) shorten(*text);
  for (auto& attempt : entry.attempts) shorten(attempt.reason);
  if (entries_.size() < kMostRequests) {
    entries_.push_back(std::move(entry));
    return;
  }
  entries_[next_] = std::move(entry);
  next_ = (next_ + 1) % kMostRequests;
}

}  // namespace rondo::telemetry
