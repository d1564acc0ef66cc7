#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "conversation/dialect.h"
#include "openai/chat_request.h"

namespace rondo::openai {

// `POST /v1/chat/completions`.
const conversation::Dialect& chatDialect();

// The field by which a chat completion has the setting.
std::string_view chatField(conversation::Setting setting, const ChatStyle& style = {});

// The same where a completion is to be stored: that of a stream which came to its end is put into
// `kept`, unless it is too long to be stored. `kept` outlives all that comes of the dialect.
std::unique_ptr<conversation::Dialect> storingChatDialect(std::string& kept);

}  // namespace rondo::openai
