#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "conversation/request.h"
#include "json/document.h"

// The body of `POST /v1/chat/completions` that somebody else will read.

namespace rondo::openai {

// A body that goes on as it came but for the name of its model. Borrows from it.
struct PassedChat {
  json::Document document;
  std::string model;
  // What stands in front of the name and behind it, its quotes not included.
  std::string_view before;
  std::string_view after;
  conversation::Streaming stream = conversation::Streaming::Off;
  // Whether its answer tells what it has cost: a stream does where it is asked to.
  enum class Cost { Told, Hidden } cost = Cost::Told;
};

// Looks at no more than that. BadRequest for what is no JSON object, or has no `model` or two of
// them: whoever reads the body next may take the other one.
Result<PassedChat> readPassedChat(std::string_view body);

// What stays the same over the turns of its conversation and differs between two.
std::string conversationOf(const PassedChat& chat);

// The same of a chat that may bring signatures of calls: they go back inside its messages, also
// when its tools are gone, and whoever made them takes them back for certain. Empty for any other.
std::string signedConversationOf(const PassedChat& chat);

// The body with that name, which holds nothing that JSON escapes.
std::string bodyFor(const PassedChat& chat, std::string_view model);

}  // namespace rondo::openai
