#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rondo::json {

// The path of the innermost value around the byte at `offset`, "messages[2].content[0].text". For
// errors: it walks over the document up to there. Empty for the root, and behind what is not sound.
std::string pathTo(std::string_view document, std::size_t offset);

}  // namespace rondo::json
