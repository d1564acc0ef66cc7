#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "conversation/request.h"

// The forms of `POST /v1/audio/transcriptions` and `/v1/audio/translations`
// (platform.openai.com/docs/api-reference/audio).

namespace rondo::openai {

enum class TranscriptForm { Json, Text, Srt, Vtt, Verbose, Diarized };

struct TranscriptStyle {
  TranscriptForm form = TranscriptForm::Json;
  // timestamp_granularities, of Verbose.
  bool words = false;
  bool segments = true;
  std::string language;  // The one that was named; may be empty.
  std::string_view task = "transcribe";
};

struct TranscriptRequest {
  conversation::Request request;
  TranscriptStyle style;
};

// The sound is borrowed from `body`. BadRequest for what OpenAI would refuse.
Result<TranscriptRequest> parseTranscriptRequest(std::string_view body,
                                                 std::string_view contentType,
                                                 conversation::TranscriptTask task);

}  // namespace rondo::openai
