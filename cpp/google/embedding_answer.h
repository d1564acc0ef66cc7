#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "json/document.h"

// Answers to embedContent, batchEmbedContents and predict (ai.google.dev/api/embeddings, Vertex
// AI's text embeddings API).

namespace rondo::google {

// The vectors of one answer, in the order of what was asked.
class EmbeddingAnswer {
 public:
  // Told by usageMetadata, or by the statistics of each vector; 0 where Google counts none.
  std::int64_t tokens = 0;
  std::vector<json::Node> vectors;  // Arrays, borrowed from the document and its text.
};

// Nothing when it holds neither vectors nor Google's error; the text of {"error":{…}} when it is
// one.
std::variant<std::monostate, EmbeddingAnswer, std::string> readEmbeddings(json::Node document);

// The numbers of a vector, each as the nearest float. Empty when there is anything else in it.
std::vector<float> numbersOf(json::Node vector);

}  // namespace rondo::google
