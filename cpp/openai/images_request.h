#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "conversation/request.h"

// The bodies of `POST /v1/images/generations` and `/v1/images/edits`
// (platform.openai.com/docs/api-reference/images).

namespace rondo::openai {

struct ImagesRequest {
  conversation::Request request;
  std::int64_t images = 1;  // How many are asked for.
};

// Texts and images are borrowed from `body`. BadRequest for what OpenAI would refuse, and for what
// can't be given: addresses of images, streams of unfinished ones, edits within a mask.
Result<ImagesRequest> parseImagesRequest(std::string_view body);

// The same of an edit, which comes as a form or, with addresses of its images, as JSON.
Result<ImagesRequest> parseImageEdit(std::string_view body, std::string_view contentType);

}  // namespace rondo::openai
