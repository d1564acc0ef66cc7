#pragma once

#include <string_view>

#include "base/result.h"
#include "conversation/embedding.h"

// The body of `POST /v1/embeddings`. Field names and types are those of OpenAI's API reference
// (platform.openai.com/docs/api-reference/embeddings); Google's own settings come where chats have
// them: `google`, `extra_body.google`, or the top level.

namespace rondo::openai {

// encoding_format: numbers, or their bytes as little-endian float32 in base64, which OpenAI's SDKs
// ask for when they aren't told.
enum class VectorFormat { Numbers, Base64 };

struct EmbeddingsRequest {
  conversation::EmbeddingRequest request;
  VectorFormat format = VectorFormat::Numbers;
};

// Reads the body of a request. Its texts are borrowed from `body`, which must outlive the request.
// An absent field and null are the same; unknown fields are ignored. BadRequest, with the path of
// the field as `param`: no `model`, no `input`, an empty text, tokens in place of texts, more than
// 2,048 texts, an unknown task type, a wrong type.
Result<EmbeddingsRequest> parseEmbeddingsRequest(std::string_view body);

}  // namespace rondo::openai
