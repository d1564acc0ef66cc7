#pragma once

#include "conversation/dialect.h"

namespace rondo::openai {

// `POST /v1/responses`.
const conversation::Dialect& responsesDialect();
// `POST /v1/responses/input_tokens`: how many tokens such a request has.
const conversation::Dialect& responsesCountDialect();
// `POST /v1/responses/compact`: a conversation made shorter.
const conversation::Dialect& responsesCompactDialect();

}  // namespace rondo::openai
