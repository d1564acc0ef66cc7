#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rondo::translation {

// Another name for a model; nothing leaves it as it is.
using ModelChange = std::function<std::optional<std::string>(std::string_view name)>;

// A body in Google's own dialect with other names of models where it repeats the one that stands in
// its address, as embeddings and the counting of a whole request do (ai.google.dev/api/embeddings,
// ai.google.dev/api/tokens). The rest keeps its spelling, byte for byte. Nothing when no name is
// changed, or when it is not one JSON document.
std::optional<std::string> withChangedModels(std::string_view body, const ModelChange& change);

// Whether such a body goes on from a cache, which is of one model.
bool namesCache(std::string_view body);

// What a body of countTokens asks about, without its wrapping: the Gemini API takes a whole request
// in `generateContentRequest` (ai.google.dev/api/tokens), and Vertex AI those of its members that
// count. Nothing where there is none.
std::optional<std::string> unwrappedCount(std::string_view body);

}  // namespace rondo::translation
