#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/fragment.h"
#include "json/text.h"

// Texts that are to become vectors, and the vectors, in nobody's dialect.

namespace rondo::conversation {

// What the vectors are for: some models make better ones when they know.
enum class EmbeddingTask : std::uint8_t {
  RetrievalQuery,
  RetrievalDocument,
  SemanticSimilarity,
  Classification,
  Clustering,
  QuestionAnswering,
  FactVerification,
  CodeRetrievalQuery,
};

// The word that Google and its clients have for a task: "RETRIEVAL_QUERY".
std::string_view taskName(EmbeddingTask task);

// The task of that name, in any case.
std::optional<EmbeddingTask> parseEmbeddingTask(std::string_view name);

// All names, for people: "RETRIEVAL_QUERY, RETRIEVAL_DOCUMENT …".
std::string taskNames();

// A text that is longer than the model reads: refused, or cut without a word.
enum class LongTexts { Refused, Cut };

struct EmbeddingRequest {
  std::string model;
  std::vector<json::Text> texts;  // Borrowed from the body. None of them is empty.
  // In place of texts, for models that take one a call: contents as Google spells them, which may
  // have several parts, of texts and of media. Borrowed too.
  std::vector<json::Fragment> contents;
  std::optional<std::int64_t> dimensions;  // As many as the model likes, unless told.
  std::optional<EmbeddingTask> task;
  json::Text title;  // Of the documents that the texts are from. Borrowed; may be empty.
  LongTexts longTexts = LongTexts::Refused;

  // How many vectors are asked for.
  std::size_t count() const { return contents.empty() ? texts.size() : contents.size(); }
};

// BadRequest, with `param` "title", for texts that have a title and are no documents.
Result<void> checkTitle(const EmbeddingRequest& request);

// How long vectors are kept: all at length 1, as OpenAI's are, or as they are given. Those of
// Google's models may be of another length when they are shortened.
enum class Lengths { One, AsGiven };

// As many vectors as there are texts, all of so many numbers, in one piece of memory.
class Vectors {
 public:
  explicit Vectors(std::size_t count, Lengths lengths = Lengths::One)
      : count_(count), lengths_(lengths) {}

  std::size_t count() const { return count_; }
  // 0 until the first is set.
  std::size_t dimensions() const { return dimensions_; }

  // Keeps a vector. One that is of length 1 but for rounding stays as it is, and so does zero.
  // False, and nothing happens, for one that is empty, of another number of numbers than the others
  // or not finite.
  bool set(std::size_t index, std::span<const float> values);

  // Good while this lives.
  std::span<const float> at(std::size_t index) const {
    return std::span(values_).subspan(index * dimensions_, dimensions_);
  }

 private:
  std::size_t count_;
  Lengths lengths_;
  std::size_t dimensions_ = 0;
  std::vector<float> values_;
};

}  // namespace rondo::conversation
