#pragma once

#include <string>
#include <string_view>

namespace rondo::translation {

// The BCP-47 code of a spoken language, which Google wants with a region, for ISO 639-1's as OpenAI
// has it: "en-US" for "en". Any other as it stands. The regions are those of the table in
// ai.google.dev/gemini-api/docs/models/gemini-3.5-transcribe, the most usual of several.
std::string spokenLanguage(std::string_view code);

}  // namespace rondo::translation
