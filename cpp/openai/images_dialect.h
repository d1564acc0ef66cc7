#pragma once

#include "conversation/dialect.h"

namespace rondo::openai {

// `POST /v1/images/generations`, and `/v1/images/edits`.
const conversation::Dialect& imagesDialect();
const conversation::Dialect& imageEditsDialect();

}  // namespace rondo::openai
