#pragma once

#include <string_view>

#include "base/task.h"
#include "gateway/services.h"
#include "openai/passed_chat.h"

namespace rondo::gateway {

// Whether a chat completion for any model may go to Google's own endpoint for OpenAI's clients, by
// CHAT_MODE or by an alias.
bool mayBePassed(const Settings& settings);

// Whether one for this model, as its client names it, goes there.
bool isPassed(const Settings& settings, std::string_view model);

// One that goes there, through the pool like any other. `exchange` outlives the task, and holds the
// body that `chat` borrows from.
Task<void> passedChat(Exchange& exchange, openai::PassedChat chat);

}  // namespace rondo::gateway
