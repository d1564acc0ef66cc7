#pragma once

#include <string>
#include <string_view>

#include "google/answer.h"

namespace rondo::translation {

// Where a block is put: it has to stand on lines of its own.
enum class Column { LineStart, WithinLine };

// Code that the model ran, and what came of it, as Markdown blocks.
std::string fencedCode(const google::ExecutableCodePart& part, Column column);
std::string fencedResult(const google::CodeResultPart& part, Column column);

}  // namespace rondo::translation
