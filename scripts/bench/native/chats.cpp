#include "native/chats.h"

#include <cstdint>
#include <string_view>

namespace rondo::bench {
namespace {

constexpr int kMessages = 400;
constexpr int kTools = 20;
constexpr std::size_t kMessageLength = 2500;
constexpr std::size_t kImageLength = 8 * 1024 * 1024;

// As they stand between quotes in JSON, so that whole ones can be put together.
constexpr std::string_view kText =
    R"(The harbour office writes \"high water at 06:40\"; the café opens then.\n)"
    R"(\tTwo gulls – one table – and nobody who would have to be asked.\n)"
    R"(It says the same of Tuesday, of Wednesday, and of every day after these.\n)";

// The same, once more between quotes: JSON in a text in JSON.
constexpr std::string_view kNestedText =
    R"(The harbour office writes \\\"high water at 06:40\\\"; the café opens then.\\n)"
    R"(\\tTwo gulls – one table – and nobody who would have to be asked.\\n)"
    R"(It says the same of Tuesday, of Wednesday, and of every day after these.\\n)";

std::string repeated(std::string_view text, std::size_t length) {
  std::string out;
  while (out.size() < length) out += text;
  return out;
}

std::string callId(int message) { return "call_" + std::to_string(message); }

std::string toolName(int tool) { return "read_" + std::to_string(tool); }

std::string textMessage(std::string_view role) {
  return R"({"role":")" + std::string(role) + R"(","content":")" + repeated(kText, kMessageLength) +
         R"("})";
}

std::string callMessage(int index) {
  return R"({"role":"assistant","content":null,"tool_calls":[{"id":")" + callId(index) +
         R"(","type":"function","function":{"name":")" + toolName(index % kTools) +
         R"(","arguments":"{\"path\":\"logs/)" + std::to_string(index) + R"(.txt\",\"text\":\")" +
         repeated(kNestedText, kMessageLength) + R"(\"}"}}]})";
}

std::string resultMessage(int index) {
  return R"({"role":"tool","tool_call_id":")" + callId(index - 1) + R"(","content":")" +
         repeated(kText, kMessageLength) + R"("})";
}

// A system message, then question, call, result, answer and so on. A result is the last.
std::string historyMessage(int index) {
  if (index == 0) return textMessage("system");
  switch (index % 4) {
    case 1: return textMessage("user");
    case 2: return callMessage(index);
    case 3: return resultMessage(index);
    default: return textMessage("assistant");
  }
}

std::string tool(int index) {
  return R"({"type":"function","function":{)" + toolDeclaration(index, "parameters") + "}}";
}

// A PNG's first bytes, then characters without a pattern (Knuth's MMIX generator).
std::string base64Image() {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out = "iVBORw0KGgoAAAANSUhEUgAA";
  out.reserve(kImageLength);
  for (std::uint64_t state = 1; out.size() < kImageLength;) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    out += kAlphabet[state >> 58];
  }
  return out;
}

}  // namespace

std::string joined(std::string (*item)(int), int count) {
  std::string out;
  for (int index = 0; index < count; ++index) {
    if (index > 0) out += ',';
    out += item(index);
  }
  return out;
}

std::string toolDeclaration(int index, std::string_view schemaKey) {
  return R"("name":")" + toolName(index) +
         R"(","description":"Reads a log.\nGive the \"path\" from the root.",")" +
         std::string(schemaKey) + R"(":{)" +
         R"("$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{)"
         R"("path":{"type":"string","description":"From the root."},)"
         R"("text":{"type":["string","null"],"description":"What to look for."},)"
         R"("limit":{"type":"integer","minimum":1,"maximum":500,"default":50},)"
         R"("order":{"type":"string","enum":["newest","oldest"]},)"
         R"("filters":{"type":"array","items":{"type":"object","properties":{)"
         R"("field":{"type":"string"},"values":{"type":"array","items":{"type":"string"}}},)"
         R"("required":["field"],"additionalProperties":false}}},)"
         R"("required":["path"],"additionalProperties":false})";
}

std::string smallChat() {
  return R"({"model":"gemini-3.8-flash","messages":[{"role":"system","content":"Be brief."},)"
         R"({"role":"user","content":"When is high water in Brest tomorrow?"}],)"
         R"("max_tokens":400,"temperature":0.7,"stream":true,)"
         R"("stream_options":{"include_usage":true}})";
}

std::string longChat() {
  return R"({"model":"gemini-3.8-flash","messages":[)" + joined(historyMessage, kMessages) +
         R"(],"tools":[)" + joined(tool, kTools) + R"(],"tool_choice":"auto","stream":true})";
}

std::string imageChat() {
  return R"({"model":"gemini-3.8-flash","messages":[{"role":"user","content":[)"
         R"({"type":"text","text":"What is to be seen here?"},{"type":"image_url","image_url":{)"
         R"("url":"data:image/png;base64,)" +
         base64Image() + R"("}}]}],"stream":true})";
}

}  // namespace rondo::bench
