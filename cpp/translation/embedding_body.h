#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "conversation/embedding.h"
#include "google/backend.h"

namespace rondo::translation {

// How many tokens a text is at most, as far as can be told without the model's vocabulary: rather
// too many than too few. Of letters and of what is no ASCII, two bytes are one; every digit, sign
// and line's end is one. English prose has half as many, code and numbers as many.
std::size_t estimatedTokens(const json::Text& text);

// The body of the call that embeds these of the request's texts, whose number is within what the
// call takes: see google::embeddingCallOf. `model` is Google's name.
std::string embeddingBody(const conversation::EmbeddingRequest& request,
                          std::span<const std::uint32_t> indices, google::Backend backend,
                          std::string_view model);

// The client's field for one that Google names by its own path, "requests[3].content". The fallback
// is the field itself.
std::string embeddingFieldOf(const std::string& googleField);

}  // namespace rondo::translation
