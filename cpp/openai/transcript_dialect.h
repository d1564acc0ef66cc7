#pragma once

#include "conversation/dialect.h"

namespace rondo::openai {

// `POST /v1/audio/transcriptions`, and `/v1/audio/translations`, which are into English.
const conversation::Dialect& transcriptionsDialect();
const conversation::Dialect& translationsDialect();

}  // namespace rondo::openai
