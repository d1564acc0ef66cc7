#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "conversation/answer.h"
#include "openai/chat_request.h"
#include "openai/pcm.h"

// The sound of a chat completion (platform.openai.com/docs/guides/audio).

namespace rondo::openai {

// Puts the sound of each choice together, as a file or as samples: then a choice has one Sound at
// most. Broken, with the code `unknown_encoding`, for a choice of which nothing can be read.
Result<void> joinSounds(conversation::Answer& answer, ChatSound sound);

// What the sound of a choice is called.
std::string soundId(std::string_view seed, int choice);

}  // namespace rondo::openai
