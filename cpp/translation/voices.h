#pragma once

#include <string>
#include <string_view>

namespace rondo::translation {

// Google's voice for one that a client names: for OpenAI's own names the nearest by docs/media.md,
// any other as it stands (ai.google.dev/gemini-api/docs/speech-generation). A default for none.
std::string googleVoice(std::string_view name);

}  // namespace rondo::translation
