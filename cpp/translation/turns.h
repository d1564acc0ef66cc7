#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "openai/chat_request.h"

// A client's messages in the order and shape that Google takes: turns of user and model in
// alternation, the first and as a rule the last of the user, every call answered in the turn after
// it, in the order of the calls. Facts: ai.google.dev/gemini-api/docs/function-calling.

namespace rondo::translation {

// Text that nobody wrote, where Google demands some.
struct FillerText {
  std::string_view text;
};

// A part of a message's content.
struct ContentRef {
  const openai::ContentPart* part;
  std::string_view signature;  // Of the text it ends.
};

struct CallRef {
  const openai::ToolCall* call;
  bool isFirst = false;  // Of its step: the one that carries the step's signature.
  std::string id = {};   // For Google, the same as its result's; no other call of the step has it.
};

struct ResultRef {
  const openai::ToolCall* call;
  const openai::Message* result = nullptr;  // Null: the client gave none.
  std::string id = {};                      // Of the call, for Google.
};

// A tool's result that belongs to no call.
struct StrayResultRef {
  const openai::Message* result;
};

using TurnPart = std::variant<FillerText, ContentRef, CallRef, ResultRef, StrayResultRef>;

enum class Speaker { User, Model };

struct Turn {
  Speaker speaker = Speaker::User;
  std::vector<TurnPart> parts;
};

// Borrows from the messages that it was made of.
struct Conversation {
  std::vector<const openai::Message*> system;
  std::vector<Turn> turns;  // Never empty.
  // The first turn of the current exchange: what comes after the last user turn that is more than
  // results. In it, Google checks the signatures of calls.
  std::size_t current = 0;
};

Conversation arrange(const std::vector<openai::Message>& messages);

}  // namespace rondo::translation
