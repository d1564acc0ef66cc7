#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "native/json/kept.h"
#include "openai/chat_request.h"

namespace rondo::openai {

inline ChatRequest readChat(const std::string& text) {
  auto chat = parseChatRequest(json::keptText(text));
  EXPECT_TRUE(chat) << (chat ? "" : chat.error().message);
  return chat ? std::move(*chat) : ChatRequest();
}

inline conversation::Request readRequest(const std::string& text) { return readChat(text).request; }

// Why a request is refused.
inline Error refusal(const std::string& text) {
  auto chat = parseChatRequest(text);
  EXPECT_FALSE(chat) << text;
  return chat ? Error() : chat.error();
}

// A sound request with further members.
inline std::string withFields(const std::string& fields) {
  return R"({"model":"m","messages":[{"role":"user","content":"a"}],)" + fields + "}";
}

inline conversation::Request readFields(const std::string& fields) {
  return readRequest(withFields(fields));
}

inline ChatStyle styleOf(const std::string& fields) { return readChat(withFields(fields)).style; }

// A request that has these messages.
inline conversation::Request readWithMessages(const std::string& messages) {
  return readRequest(R"({"model":"m","messages":[)" + messages + "]}");
}

inline std::vector<conversation::Turn> readTurns(const std::string& messages) {
  return readWithMessages(messages).turns;
}

// The parts of a turn that are of one kind.
template <class Kind>
std::vector<Kind> partsOf(const conversation::Turn& turn) {
  std::vector<Kind> parts;
  for (const auto& part : turn.parts) {
    if (const auto* one = std::get_if<Kind>(&part)) parts.push_back(*one);
  }
  return parts;
}

inline std::vector<conversation::CallPart> callsOf(const conversation::Turn& turn) {
  return partsOf<conversation::CallPart>(turn);
}

inline std::vector<conversation::CallResult> resultsOf(const conversation::Turn& turn) {
  return partsOf<conversation::CallResult>(turn);
}

// The texts of a turn, or of a result's content.
template <class Parts>
std::string textOf(const Parts& parts) {
  std::string text;
  for (const auto& part : parts) {
    if (const auto* piece = std::get_if<conversation::TextPart>(&part)) text += piece->text.plain();
  }
  return text;
}

inline std::string textOf(const conversation::Turn& turn) { return textOf(turn.parts); }

// The signature of a turn's last text.
inline std::string signatureOf(const conversation::Turn& turn) {
  const auto texts = partsOf<conversation::TextPart>(turn);
  return texts.empty() ? "" : texts.back().signature.value;
}

}  // namespace rondo::openai
