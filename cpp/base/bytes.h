#pragma once

#include <cstddef>
#include <string_view>

namespace rondo {

// Where the first byte is that is one of the two; the size when there is none. Looks at sixteen
// bytes at a time.
std::size_t findEither(std::string_view bytes, char one, char other);

}  // namespace rondo
