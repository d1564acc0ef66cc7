#pragma once

#include <string>
#include <string_view>

namespace rondo {

// Case-blind comparison of ASCII letters; other bytes must be equal.
bool equalsIgnoringCase(std::string_view a, std::string_view b);

std::string toLower(std::string_view text);

// Without leading and trailing blanks, tabs, CR and LF.
std::string_view trim(std::string_view text);

// Letters, digits and punctuation alone, no blanks: what a token in a header field may hold.
bool isVisibleAscii(std::string_view text);

// `*` stands for any run of characters, everything else for itself: "gemini-3*".
bool matchesGlob(std::string_view pattern, std::string_view text);

}  // namespace rondo
