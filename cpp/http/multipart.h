#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Forms as browsers and SDKs send them: multipart/form-data (RFC 7578, with the delimiters of RFC
// 2046, 5.1.1, and the file names of RFC 5987).

namespace rondo::http {

// Bounds of a form. What goes beyond is refused: no client of ours sends a tenth of it.
inline constexpr std::size_t kMaxFormParts = 64;
inline constexpr std::size_t kMaxFormHeaderBytes = 8 * 1024;  // Of one part, in all its lines.
inline constexpr std::size_t kMaxFormNameBytes = 256;         // Of a field's name, and of a file's.
inline constexpr std::size_t kMaxBoundaryBytes = 70;          // RFC 2046.

struct FormPart {
  std::string name;         // Not empty.
  std::string fileName;     // Empty when it is no file, or one without a name.
  std::string contentType;  // As the client spells it; empty when it tells none.
  std::string_view bytes;   // Borrowed from the body.
};

bool isForm(std::string_view contentType);

// The parts of `body` in their order. BadRequest, with the code `invalid_form`, for what is no
// form: no boundary in `contentType`, no last delimiter, a part without a name, lines that are no
// header, a length that isn't the part's own, a part that is encoded, or what is beyond the bounds.
// What stands before the first delimiter and behind the last is nobody's.
Result<std::vector<FormPart>> readForm(std::string_view body, std::string_view contentType);

}  // namespace rondo::http
