#include "credentials/news.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>

namespace rondo::credentials {
namespace {

constexpr std::size_t kMostNews = 512;
constexpr int kMostHearsay = 16;
constexpr Millis kHearsayLasts = std::chrono::hours(12);

// Null for all other events.
const CredentialCools* denialIn(const PoolEvent& event) {
  const auto* cools = std::get_if<CredentialCools>(&event);
  return cools && cools->scope == CredentialCools::Scope::Denied ? cools : nullptr;
}

}  // namespace

void News::add(const PoolEvent& event) {
  const auto* denial = denialIn(event);
  if (denial && !mayTellHearsay(denial->coolDown.since)) return;
  auto fact = toFact(event);
  if (facts_.size() >= kMostNews && !facts_.contains(fact.key)) {
    const auto least = std::ranges::min_element(
        facts_, isWorthLess, [](const auto& each) -> const auto& { return each.second; });
    if (isWorthLess(fact, least->second)) return;
    facts_.erase(least);
  }
  auto key = fact.key;
  facts_.insert_or_assign(std::move(key), std::move(fact));
}

bool News::mayTellHearsay(Instant at) {
  if (at - hearsayBegan_ >= kHearsayLasts) {
    hearsayBegan_ = at;
    hearsay_ = 0;
  }
  return hearsay_++ < kMostHearsay;
}

std::vector<host::Fact> News::take(Instant now, Millis atLeast) {
  std::vector<host::Fact> lasting;
  for (auto& [key, fact] : std::exchange(facts_, {})) {
    if (fact.expires - now >= atLeast) lasting.push_back(std::move(fact));
  }
  return lasting;
}

}  // namespace rondo::credentials
