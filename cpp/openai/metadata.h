#pragma once

#include <optional>

#include "base/error.h"
#include "json/document.h"

namespace rondo::openai {

// What is wrong with a request's `metadata`, in OpenAI's bounds: at most 16 pairs of texts, of at
// most 64 and 512 characters.
std::optional<Error> metadataFault(json::Node metadata);

}  // namespace rondo::openai
