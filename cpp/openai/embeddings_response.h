#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "conversation/embedding.h"
#include "openai/embeddings_request.h"

namespace rondo::openai {

// Writes the body of the answer to `POST /v1/embeddings`, once all vectors are there, in pieces: as
// a whole it may take three times the memory of the vectors.
class EmbeddingsWriter {
 public:
  // `model` as the client named it; `tokens` as Google counted them. `vectors` outlives the writer.
  EmbeddingsWriter(const conversation::Vectors& vectors, VectorFormat format, std::string model,
                   std::int64_t tokens);

  bool isDone() const { return isDone_; }

  // The next piece of a body that is not done: whole vectors, some hundred kilobytes together.
  std::string next();

 private:
  void appendEnd(std::string& out) const;
  void appendVector(std::string& out, std::size_t index) const;

  const conversation::Vectors& vectors_;
  VectorFormat format_;
  std::string model_;
  std::int64_t tokens_;
  std::size_t told_ = 0;
  bool isDone_ = false;
};

}  // namespace rondo::openai
