#include "credentials/model_turns.h"

#include <algorithm>

namespace rondo::credentials {
namespace {

constexpr std::size_t kLongestModel = 128;
constexpr std::size_t kMostProven = 256;
constexpr std::size_t kMostOthers = 256;

std::string_view keyOf(std::string_view model) { return model.substr(0, kLongestModel); }

}  // namespace

ModelTurns::Turn& ModelTurns::use(Turns& turns, std::string_view key, std::size_t most) {
  auto entry = turns.find(key);
  if (entry == turns.end()) {
    if (turns.size() >= most) {
      turns.erase(std::ranges::min_element(turns, {},
                                           [](const auto& each) { return each.second.lastUse; }));
    }
    entry = turns.emplace(key, Turn{}).first;
  }
  entry->second.lastUse = ++uses_;
  return entry->second;
}

std::size_t& ModelTurns::cursorOf(std::string_view model) {
  const auto key = keyOf(model);
  const bool isProven = proven_.contains(key);
  return use(isProven ? proven_ : others_, key, isProven ? kMostProven : kMostOthers).cursor;
}

bool ModelTurns::prove(std::string_view model) {
  const auto key = keyOf(model);
  const bool isNew = !proven_.contains(key);
  auto& turn = use(proven_, key, kMostProven);
  if (const auto before = others_.find(key); isNew && before != others_.end()) {
    turn.cursor = before->second.cursor;
    others_.erase(before);
  }
  return isNew;
}

bool ModelTurns::isProven(std::string_view model) const { return proven_.contains(keyOf(model)); }

std::size_t ModelTurns::peek(std::string_view model) const {
  for (const Turns* turns : {&proven_, &others_}) {
    if (const auto found = turns->find(keyOf(model)); found != turns->end()) {
      return found->second.cursor;
    }
  }
  return 0;
}

std::vector<std::string> ModelTurns::provenModels() const {
  std::vector<std::string> models;
  for (const auto& [model, turn] : proven_) models.push_back(model);
  return models;
}

}  // namespace rondo::credentials
