#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

#include "google/address.h"
#include "google/backend.h"

// How an embedding model is asked, told from its name. Sources: ai.google.dev/api/embeddings,
// ai.google.dev/gemini-api/docs/embeddings, the text embeddings API of Vertex AI
// (docs.cloud.google.com, "API limits"), and the rule by which Google's own SDK picks the verb
// (@google/genai, embedContent).

namespace rondo::google {

// What one call takes.
struct EmbeddingCall {
  Method method = Method::BatchEmbedContents;
  std::size_t mostTexts = 1;
  std::size_t mostTokens = std::numeric_limits<std::size_t>::max();  // Of all its texts together.
};

EmbeddingCall embeddingCallOf(Backend backend, std::string_view model);

// Where a task is told: from gemini-embedding-2 on the models take no `taskType`, or don't heed it,
// and read the task in front of the text.
enum class TaskPlace { Field, Text };

TaskPlace taskPlaceOf(std::string_view model);

}  // namespace rondo::google
