#pragma once

#include <string_view>

#include "conversation/dialect.h"
#include "openai/chat_request.h"

namespace rondo::openai {

// `POST /v1/chat/completions`.
const conversation::Dialect& chatDialect();

// The field by which a chat completion has the setting.
std::string_view chatField(conversation::Setting setting, const ChatStyle& style = {});

}  // namespace rondo::openai
