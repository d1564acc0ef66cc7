#include "native/events.h"

#include <array>
#include <cstdint>
#include <cstdio>
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

std::string predictions(std::size_t count) {
  constexpr std::size_t kDimensions = 768;
  std::string out = R"({"predictions": [)";
  std::uint32_t noise = 1;
  for (std::size_t i = 0; i < count * kDimensions; ++i) {
    const bool begins = i % kDimensions == 0;
    if (begins && i > 0) out += "]}},";
    out += begins ? R"({"embeddings": {"statistics": {"token_count": 3},"values": [)" : ",";
    noise = noise * 1'664'525 + 1'013'904'223;
    const float number = static_cast<float>(noise >> 8) / (1 << 28) - 0.03F;
    std::array<char, 40> digits{};
    std::snprintf(digits.data(), digits.size(), "%.17g", static_cast<double>(number));
    out += digits.data();
  }
  return out + "]}}]}";
}

}  // namespace rondo::bench
