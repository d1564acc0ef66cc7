#pragma once

#include <string>

#include "google/error_body.h"

namespace rondo::google {

// What a 400 says of the request.
struct RequestFault {
  std::string reason;  // "thought_signature", "unknown_field", "context_length_exceeded" …
  std::string field;   // As Google spells it, "generation_config.seed". May be empty.
  // Whether the field can be changed or left out and the request still asks the same.
  enum class Remedy { None, Mend } remedy = Remedy::None;
};

RequestFault readRequestFault(const ErrorBody& body);

}  // namespace rondo::google
