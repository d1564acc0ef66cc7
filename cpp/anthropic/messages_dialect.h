#pragma once

#include "conversation/dialect.h"

namespace rondo::anthropic {

// `POST /v1/messages`.
const conversation::Dialect& messagesDialect();

// `POST /v1/messages/count_tokens`.
const conversation::Dialect& tokenCountDialect();

}  // namespace rondo::anthropic
