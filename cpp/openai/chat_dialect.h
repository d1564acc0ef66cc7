#pragma once

#include <memory>
#include <string>

#include "conversation/dialect.h"

namespace rondo::openai {

// `POST /v1/chat/completions`.
const conversation::Dialect& chatDialect();

// The same where a completion is to be stored: that of a stream which came to its end is put into
// `kept`, unless it is too long to be stored. `kept` outlives all that comes of the dialect.
std::unique_ptr<conversation::Dialect> storingChatDialect(std::string& kept);

}  // namespace rondo::openai
