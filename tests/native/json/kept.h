#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "json/document.h"

// Requests and answers borrow from their text: what a test reads is kept to the end of its program.

namespace rondo::json {

inline const std::string& keptText(std::string_view text) {
  static std::deque<std::string> texts;
  return texts.emplace_back(text);
}

inline Node keptNode(std::string_view text) {
  static std::deque<Document> documents;
  Document& document = documents.emplace_back();
  EXPECT_TRUE(document.read(keptText(text))) << text;
  return document.root();
}

}  // namespace rondo::json
