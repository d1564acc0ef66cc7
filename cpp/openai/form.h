#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/multipart.h"

namespace rondo::openai {

// A form, as OpenAI's SDKs send files. Its fields are told as the JSON object that they stand for,
// so that what reads bodies reads them too: `n=2` is {"n":2}, `include[]=a` and `include=a` are
// {"include":["a"]}.
struct Form {
  std::string fields;                 // JSON
  std::vector<http::FormPart> files;  // Borrow from the body; a name's brackets are off.
};

// BadRequest for what is no form.
Result<Form> readFormBody(std::string_view body, std::string_view contentType);

}  // namespace rondo::openai
