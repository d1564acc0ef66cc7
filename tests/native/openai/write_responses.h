#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conversation/dialect.h"
#include "json/value.h"
#include "openai/responses_request.h"

namespace rondo::openai {

using Events = std::vector<conversation::Event>;

inline const conversation::AnswerHead kHead{"s", 1764000000, "gemini-3.8-flash", {"api_key", "3"}};

// A style in which all is told.
inline ResponsesStyle fullStyle() {
  ResponsesStyle style;
  style.bareReasoning = BareReasoning::Told;
  style.searchSources = style.codeOutputs = Detail::Included;
  style.echo = R"("store":false)";
  return style;
}

inline conversation::Event finish(
    conversation::FinishReason reason = conversation::FinishReason::Stop) {
  return {0, conversation::Finish{reason}};
}

inline conversation::Event call(std::string id, std::string name, std::string signature = {},
                                std::string arguments = "{}") {
  return {0, conversation::Call{std::move(id), std::move(name), std::move(arguments),
                                conversation::ToolKind::Function, std::move(signature)}};
}

inline json::Value parsed(std::string_view text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value) << text;
  return value ? std::move(*value) : json::Value();
}

// The types of a response's items.
inline std::vector<std::string> typesOf(const json::Value& response) {
  std::vector<std::string> types;
  for (const auto& item : response["output"]) types.push_back(item["type"].get<std::string>());
  return types;
}

}  // namespace rondo::openai
