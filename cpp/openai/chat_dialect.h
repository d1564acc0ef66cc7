#pragma once

#include "conversation/dialect.h"

namespace rondo::openai {

// `POST /v1/chat/completions`.
const conversation::Dialect& chatDialect();

}  // namespace rondo::openai
