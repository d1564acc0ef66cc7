#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "conversation/request.h"
#include "http/multipart.h"
#include "openai/request_parts.h"

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

// The one file of a form that takes one, in the field `file`; reports when it has none there, or
// more. What is in other fields is nobody's.
conversation::BytesPart takeFile(Form& form, const FieldReader& body, Faults& faults);

}  // namespace rondo::openai
