#include "credentials/strategy.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rondo::credentials {

// FNV-1a, with a finish that spreads the last bytes over all bits (both are public domain).
std::uint64_t hashOf(std::string_view first, std::string_view second) {
  std::uint64_t hash = 14695981039346656037U;
  const auto take = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  };
  take(first);
  take(std::string_view("\0", 1));
  take(second);
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9U;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebU;
  return hash ^ (hash >> 31);
}

std::string_view strategyName(Strategy strategy) {
  switch (strategy) {
    case Strategy::RoundRobin: return "round_robin";
    case Strategy::Sticky: return "sticky";
    case Strategy::FillFirst: break;
  }
  return "fill_first";
}

std::vector<std::size_t> weightedCycle(const std::vector<int>& weights) {
  std::vector<std::size_t> cycle;
  if (weights.empty()) return cycle;
  const int divisor = std::accumulate(weights.begin(), weights.end(), 0,
                                      [](int a, int b) { return std::gcd(a, b); });
  const int total = std::accumulate(weights.begin(), weights.end(), 0) / divisor;
  std::vector<int> credit(weights.size(), 0);
  for (int turn = 0; turn < total; ++turn) {
    for (std::size_t i = 0; i < weights.size(); ++i) credit[i] += weights[i] / divisor;
    const auto richest = std::ranges::max_element(credit);
    *richest -= total;
    cycle.push_back(static_cast<std::size_t>(richest - credit.begin()));
  }
  return cycle;
}

double affinity(std::string_view conversation, std::string_view credentialId, int weight) {
  // From 0 to 1, neither included: 52 bits and a half, as many as a double holds.
  const double draw =
      (static_cast<double>(hashOf(conversation, credentialId) >> 12) + 0.5) / 4503599627370496.0;
  return -weight / std::log(draw);
}

}  // namespace rondo::credentials
