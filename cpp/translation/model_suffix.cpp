#include "translation/model_suffix.h"

#include <charconv>

namespace rondo::translation {
namespace {

std::optional<ThinkingSuffix> readSuffix(std::string_view word) {
  if (const auto effort = conversation::parseEffort(word))
    return ThinkingSuffix{effort, std::nullopt};
  std::int64_t budget = 0;
  const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), budget);
  if (fault != std::errc() || end != word.data() + word.size() || budget < -1) return std::nullopt;
  return ThinkingSuffix{std::nullopt, budget};
}

}  // namespace

SuffixedModel splitModelSuffix(std::string_view model) {
  const std::size_t open = model.rfind('(');
  if (open == std::string_view::npos || !model.ends_with(')')) return {std::string(model), {}};
  const auto suffix = readSuffix(model.substr(open + 1, model.size() - open - 2));
  if (!suffix) return {std::string(model), {}};
  return {std::string(model.substr(0, open)), *suffix};
}

}  // namespace rondo::translation
