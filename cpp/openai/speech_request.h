#pragma once

#include <string_view>

#include "base/result.h"
#include "conversation/request.h"

// The body of `POST /v1/audio/speech` (platform.openai.com/docs/api-reference/audio/createSpeech).

namespace rondo::openai {

enum class SpeechEncoding { Wav, Pcm };

// How the sound goes to the client. Whole: none of OpenAI's words, but what those get who name
// nothing.
enum class SpeechDelivery { Whole, Bytes, Events };

struct SpeechRequest {
  conversation::Request request;
  SpeechEncoding encoding = SpeechEncoding::Wav;
  SpeechDelivery delivery = SpeechDelivery::Whole;
};

// The text is borrowed from `body`. BadRequest for what OpenAI would refuse, and for an encoding
// that is asked for by name and can't be given.
Result<SpeechRequest> parseSpeechRequest(std::string_view body);

}  // namespace rondo::openai
