#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "anthropic/messages_request.h"
#include "native/json/kept.h"

namespace rondo::anthropic {

inline conversation::Request readRequest(
    const std::string& text, conversation::Purpose wanted = conversation::Purpose::Answer) {
  auto request = parseMessagesRequest(json::keptText(text), wanted);
  EXPECT_TRUE(request) << (request ? "" : request.error().message);
  return request ? std::move(*request) : conversation::Request();
}

// Why a request is refused.
inline Error refusal(const std::string& text,
                     conversation::Purpose wanted = conversation::Purpose::Answer) {
  auto request = parseMessagesRequest(json::keptText(text), wanted);
  EXPECT_FALSE(request) << text;
  return request ? Error() : request.error();
}

// A sound request with further members.
inline std::string withFields(const std::string& fields) {
  return R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"}],)" + fields +
         "}";
}

inline conversation::Request readFields(const std::string& fields) {
  return readRequest(withFields(fields));
}

inline std::string withMessages(const std::string& messages) {
  return R"({"model":"m","max_tokens":9,"messages":[)" + messages + "]}";
}

// A message of these blocks.
inline std::string message(const std::string& role, const std::string& blocks) {
  return R"({"role":")" + role + R"(","content":[)" + blocks + "]}";
}

// The parts of the only message's turn. What they borrow is kept to the end of the program.
inline const std::vector<conversation::Part>& partsOf(const std::string& role,
                                                      const std::string& blocks) {
  static std::deque<conversation::Request> requests;
  static const std::vector<conversation::Part> kNone;
  const auto& request = requests.emplace_back(readRequest(withMessages(message(role, blocks))));
  EXPECT_EQ(request.turns.size(), 1U);
  return request.turns.empty() ? kNone : request.turns.front().parts;
}

inline Error refusalOfBlocks(const std::string& role, const std::string& blocks) {
  return refusal(withMessages(message(role, blocks)));
}

// One of the parts, which must be of the kind.
template <class Kind>
Kind partAt(const std::vector<conversation::Part>& parts, std::size_t index) {
  const auto* part = index < parts.size() ? std::get_if<Kind>(&parts[index]) : nullptr;
  EXPECT_TRUE(part) << "part " << index << " of " << parts.size();
  return part ? *part : Kind();
}

inline std::string textAt(const std::vector<conversation::Part>& parts, std::size_t index) {
  return partAt<conversation::TextPart>(parts, index).text.plain();
}

template <class Medium>
Medium mediumAt(const std::vector<conversation::Part>& parts, std::size_t index) {
  const auto medium = partAt<conversation::MediaPart>(parts, index);
  const auto* one = std::get_if<Medium>(&medium);
  EXPECT_TRUE(one);
  return one ? *one : Medium();
}

}  // namespace rondo::anthropic
