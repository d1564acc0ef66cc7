#include "native/events.h"

#include <string_view>

namespace rondo::bench {
namespace {

// As it stands between quotes in JSON.
constexpr std::string_view kText =
    R"( comes twice a day, says \"the office\" – once by night.\nIt)";
constexpr int kTokens = 15;
constexpr int kSentences = 100;

// Google's members beside the candidates, with `tokens` in the answer.
std::string tail(int tokens) {
  return R"("usageMetadata": {"promptTokenCount": 16,"candidatesTokenCount": )" +
         std::to_string(tokens) + R"(,"totalTokenCount": )" + std::to_string(16 + tokens) +
         R"(,"promptTokensDetails": [{"modality": "TEXT","tokenCount": 16}]},)"
         R"("modelVersion": "gemini-3.8-flash","responseId": "Zm9yIGEgYmVuY2htYXJr"})";
}

}  // namespace

std::string middleEvent(int index) {
  return R"(data: {"candidates": [{"content": {"parts": [{"text": ")" + std::string(kText) +
         R"("}],"role": "model"},"index": 0}],)" + tail(kTokens * (index + 1)) + "\r\n\r\n";
}

std::string middleEvents(int count) {
  std::string out;
  for (int index = 0; index < count; ++index) out += middleEvent(index);
  return out;
}

std::string lastEvent() {
  return R"(data: {"candidates": [{"content": {"parts": [{"text": ")" + std::string(kText) +
         R"("}],"role": "model"},"finishReason": "STOP","index": 0}],)" + tail(kTokens * 20) +
         "\r\n\r\n";
}

std::string wholeAnswer() {
  std::string text;
  for (int index = 0; index < kSentences; ++index) text += kText;
  return "{\n  \"candidates\": [\n    {\n      \"content\": {\n        \"parts\": [\n          {\n"
         "            \"text\": \"" +
         text +
         "\"\n          }\n        ],\n        \"role\": \"model\"\n      },\n"
         "      \"finishReason\": \"STOP\",\n      \"index\": 0\n    }\n  ],\n  " +
         tail(kTokens * kSentences) + "\n";
}

}  // namespace rondo::bench
