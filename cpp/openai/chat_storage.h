#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// What a chat completion that is stored keeps of its request.

namespace rondo::openai {

struct ChatStorage {
  enum class Store { Yes, No } store = Store::No;  // It isn't, unless the request says so.
  std::string metadata = "{}";                     // JSON
  std::vector<std::string> messages;               // JSON, in the client's spelling.
};

// Reads what a body says of it. What else is wrong with the body is left to its reader. BadRequest
// when it is to be stored with metadata that aren't at most 16 pairs of texts, of at most 64 and
// 512 characters.
Result<ChatStorage> readChatStorage(std::string_view body);

// The name of a completion; empty when its JSON is none.
std::string completionId(std::string_view completion);

}  // namespace rondo::openai
