#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace rondo::credentials {

// Whose turn it is among the credentials that are free.
enum class Strategy {
  RoundRobin,  // In turn, each as often as its weight says.
  Sticky,      // The same conversation through the same credential.
  FillFirst,   // The first in the pool's order.
};

// "round_robin", "sticky", "fill_first".
std::string_view strategyName(Strategy strategy);

// The indices of `weights`, each as often as its weight and as evenly spread as can be: one cycle
// of smooth weighted round-robin. Weights are at least 1.
std::vector<std::size_t> weightedCycle(const std::vector<int>& weights);

// Tells pairs of texts apart, and spreads them evenly. Whoever wants two that meet can make them.
std::uint64_t hashOf(std::string_view first, std::string_view second);

// A credential's rank for a conversation (rendezvous hashing): whoever ranks highest gets it, so
// that one that drops out moves its own conversations only. Weights count as shares.
double affinity(std::string_view conversation, std::string_view credentialId, int weight);

}  // namespace rondo::credentials
