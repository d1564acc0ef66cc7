#pragma once

#include "conversation/dialect.h"

namespace rondo::openai {

// `POST /v1/audio/speech`. Its answers are sound, whole or as it comes, or events that hold it.
const conversation::Dialect& speechDialect();

}  // namespace rondo::openai
