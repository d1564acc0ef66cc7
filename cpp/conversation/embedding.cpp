#include "conversation/embedding.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/ascii.h"

namespace rondo::conversation {
namespace {

// In the order of EmbeddingTask.
constexpr auto kTaskNames = std::to_array<std::string_view>({
    "RETRIEVAL_QUERY",
    "RETRIEVAL_DOCUMENT",
    "SEMANTIC_SIMILARITY",
    "CLASSIFICATION",
    "CLUSTERING",
    "QUESTION_ANSWERING",
    "FACT_VERIFICATION",
    "CODE_RETRIEVAL_QUERY",
});

// What the rounding to floats and to a few decimals may make of a length of 1.
constexpr double kRounding = 1e-6;

}  // namespace

std::string_view taskName(EmbeddingTask task) { return kTaskNames[static_cast<std::size_t>(task)]; }

std::optional<EmbeddingTask> parseEmbeddingTask(std::string_view name) {
  const auto found = std::ranges::find_if(
      kTaskNames, [name](std::string_view each) { return toLower(each) == toLower(name); });
  if (found == kTaskNames.end()) return std::nullopt;
  return static_cast<EmbeddingTask>(found - kTaskNames.begin());
}

std::string taskNames() {
  std::string names;
  for (const auto name : kTaskNames) names.append(names.empty() ? "" : ", ").append(name);
  return names;
}

Result<void> checkTitle(const EmbeddingRequest& request) {
  const bool isDocument = !request.task || request.task == EmbeddingTask::RetrievalDocument;
  if (request.title.empty() || isDocument) return {};
  return fail(
      badRequest("Invalid 'title': only documents have one, whose task type is RETRIEVAL_DOCUMENT.",
                 "title", "invalid_value"));
}

bool Vectors::set(std::size_t index, std::span<const float> values) {
  if (values.empty() || (dimensions_ != 0 && values.size() != dimensions_)) return false;
  double squares = 0;
  for (const double value : values) squares += value * value;
  if (!std::isfinite(squares)) return false;
  if (dimensions_ == 0) {
    dimensions_ = values.size();
    values_.resize(count_ * dimensions_);
  }
  const double length = std::sqrt(squares);
  const bool isOfLengthOne = std::abs(length - 1) <= kRounding || length == 0;
  const double divisor = isOfLengthOne || lengths_ == Lengths::AsGiven ? 1 : length;
  std::ranges::transform(values, values_.begin() + static_cast<std::ptrdiff_t>(index * dimensions_),
                         [divisor](float value) { return static_cast<float>(value / divisor); });
  return true;
}

}  // namespace rondo::conversation
