#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "conversation/request.h"
#include "json/writer.h"
#include "openai/responses_tool_names.h"

// Tools that OpenAI knows by their kind and that clients run: shells, patches, the search for
// tools. A model gets each as a function, whose arguments are what OpenAI calls the action.

namespace rondo::openai {

// The function in the place of such a tool.
conversation::Tool clientTool(CallItem item, std::string name);

// The members of a call's item that tell its action, of arguments that a model has made.
void writeAction(json::Writer& writer, CallItem item, std::string_view arguments);

// What an item tells of its action, which the arguments of the call came from.
json::Node actionOf(CallItem item, json::Node callItem);

// The same without what writeAction puts into actions that have none of it. Nothing when there is
// nothing of that.
std::optional<std::string> withoutAdditions(CallItem item, json::Node action);

}  // namespace rondo::openai
