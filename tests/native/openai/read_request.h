#pragma once

#include <gtest/gtest.h>

#include <string>

#include "native/json/kept.h"
#include "openai/chat_request.h"

namespace rondo::openai {

inline ChatRequest readRequest(const std::string& text) {
  auto request = parseChatRequest(json::keptText(text));
  EXPECT_TRUE(request) << (request ? "" : request.error().message);
  return request ? std::move(*request) : ChatRequest();
}

// Why a request is refused.
inline Error refusal(const std::string& text) {
  auto request = parseChatRequest(text);
  EXPECT_FALSE(request) << text;
  return request ? Error() : request.error();
}

// A sound request with further members.
inline std::string withFields(const std::string& fields) {
  return R"({"model":"m","messages":[{"role":"user","content":"a"}],)" + fields + "}";
}

inline ChatRequest readFields(const std::string& fields) { return readRequest(withFields(fields)); }

// The messages of a request that has these.
inline std::vector<Message> readMessageList(const std::string& messages) {
  return readRequest(R"({"model":"m","messages":[)" + messages + "]}").messages;
}

inline std::string textOf(const Message& message) {
  std::string text;
  for (const ContentPart& part : message.content) {
    if (const auto* piece = std::get_if<TextPart>(&part)) text += piece->text.plain();
  }
  return text;
}

}  // namespace rondo::openai
