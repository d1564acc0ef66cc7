#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "conversation/embedding.h"

namespace rondo::translation {

// Whether a call embeds one content, `embedContent`, or several, `batchEmbedContents`.
enum class EmbeddingVerb { One, Batch };

// What these verbs are asked for (ai.google.dev/api/embeddings), as texts to be embedded by
// calls to a back-end that hasn't the verb. That is exact where all of the requests have the same
// settings, and one text each; from gemini-embedding-2 on Vertex AI takes contents, so that they
// may be any, and a task and a title are no settings, as they are nothing to Google there. Long
// texts are cut, as Google cuts them. Texts and contents are borrowed from `body`, which must
// outlive them. `asked` and `google` are the names of the path's model.
//
// BadRequest with the field as `param`: in Google's words for what Google refuses too, else with
// the code `method_not_supported` and the kind of credential that takes it as it is.
Result<conversation::EmbeddingRequest> readNativeEmbedding(EmbeddingVerb verb,
                                                           std::string_view body,
                                                           std::string_view asked,
                                                           std::string_view google);

// The answer to it: {"embeddings":[{"values":[…]}]}, or {"embedding":{"values":[…]}} of one.
std::string nativeEmbeddingAnswer(EmbeddingVerb verb, const conversation::Vectors& vectors);

}  // namespace rondo::translation
