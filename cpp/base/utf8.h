#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// Of texts that are sound UTF-8 (RFC 3629).

namespace rondo {

// What `text` begins with: as many whole characters as fit into so many bytes. Borrowed from it.
std::string_view beginningOf(std::string_view text, std::size_t bytes);

// How many characters there are.
std::int64_t countCodePoints(std::string_view text);

}  // namespace rondo
