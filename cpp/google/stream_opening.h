#pragma once

#include <string_view>

namespace rondo::google {

// How a stream begins: with a part of an answer, or with an error in place of one.
enum class Opening { Undecided, Answer, Error };

// Told by its first bytes, of server-sent events as of an array (both as
// ai.google.dev/api/generate-content has them). Undecided while there are too few of them; what is
// neither is taken for an answer, which its reader may judge.
Opening openingOf(std::string_view bytes);

}  // namespace rondo::google
