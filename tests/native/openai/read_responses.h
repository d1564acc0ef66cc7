#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>

#include "native/json/kept.h"
#include "native/openai/read_request.h"
#include "openai/responses_request.h"

namespace rondo::openai {

inline ResponsesRequest readResponses(const std::string& text,
                                      ResponsesCall call = ResponsesCall::Create) {
  auto responses = parseResponsesRequest(json::keptText(text), call);
  EXPECT_TRUE(responses) << (responses ? "" : responses.error().message);
  if (!responses) return {};
  // Tests take a request apart: what its parts borrow lives on.
  static std::deque<std::deque<json::TextBuilder>> kept;
  kept.push_back(std::move(responses->request.owned));
  return std::move(*responses);
}

// A sound request with further members.
inline std::string withMembers(const std::string& members) {
  return R"({"model":"m","input":"a",)" + members + "}";
}

inline ResponsesRequest readMembers(const std::string& members) {
  return readResponses(withMembers(members));
}

// A request that has these items.
inline std::string withItems(const std::string& items) {
  return R"({"model":"m","input":[)" + items + "]}";
}

inline ResponsesRequest readItems(const std::string& items) {
  return readResponses(withItems(items));
}

// Why a request is refused.
inline Error responsesRefusal(const std::string& text) {
  auto responses = parseResponsesRequest(text, ResponsesCall::Create);
  EXPECT_FALSE(responses) << text;
  return responses ? Error() : responses.error();
}

}  // namespace rondo::openai
