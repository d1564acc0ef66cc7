#include "native/agent.h"

#include <cstddef>
#include <string_view>

#include "json/value.h"
#include "native/chats.h"

namespace rondo::bench {
namespace {

constexpr int kExchanges = 100;
constexpr int kTools = 20;

constexpr std::string_view kCode =
    "export function load(name: string): Row[] {\n"
    "\tconst text = read(\"./rows/\" + name, { encoding: \"utf8\" });\n"
    "\tif (text === \"\") throw new Error(\"rows/\" + name + ' has no \"rows\"');\n"
    "\treturn text.split(\"\\n\").map((line) => line.split(\"\\t\"));\n"
    "}\n\n";

constexpr std::string_view kProse =
    "The harbour office writes \"high water at 06:40\"; the café opens then.\n"
    "Two gulls – one table – and nobody who would have to be asked.\n";

// That many bytes of code, quoted.
std::string code(std::size_t length) {
  std::string text;
  while (text.size() < length) text += kCode;
  return json::quote(text.substr(0, length));
}

// 2.1 KB.
std::string prose() {
  std::string text;
  while (text.size() < 2100) text += kProse;
  return json::quote(text);
}

std::string id(int index) { return "\"call_" + std::to_string(index) + '"'; }

std::string name(int index) { return "\"read_" + std::to_string(index % kTools) + '"'; }

std::string path(int index) { return "\"src/rows/load_" + std::to_string(index) + ".ts\""; }

std::string input(int index) {
  return R"({"path":)" + path(index) + R"(,"old_text":)" + code(780) + R"(,"new_text":)" +
         code(720) + R"(,"limit":5,"replace_all":false})";
}

std::string result(int index) {
  std::string out =
      R"({"ok":true,"path":)" + path(index) + R"(,"took":12.5,"content":)" + code(2080);
  out += R"(,"matches":[)";
  for (int line = 0; line < 4; ++line) {
    if (line > 0) out += ',';
    out += R"({"line":)" + std::to_string(index + line) + R"(,"text":)" + code(60) + '}';
  }
  return out + "]}";
}

std::string said(std::string_view role, std::string_view type) {
  return "{" + std::string(type) + R"("role":")" + std::string(role) + R"(","content":)" + prose() +
         '}';
}

// Question, call, result, remark.
std::string chatExchange(int index) {
  return said("user", "") + R"(,{"role":"assistant","content":null,"tool_calls":[{"id":)" +
         id(index) + R"(,"type":"function","function":{"name":)" + name(index) +
         R"(,"arguments":)" + json::quote(input(index)) + R"(}}]},{"role":"tool","tool_call_id":)" +
         id(index) + R"(,"content":)" + json::quote(result(index)) + "}," + said("assistant", "");
}

std::string responsesExchange(int index) {
  constexpr std::string_view kType = R"("type":"message",)";
  return said("user", kType) + R"(,{"type":"function_call","call_id":)" + id(index) +
         R"(,"name":)" + name(index) + R"(,"arguments":)" + json::quote(input(index)) +
         R"(},{"type":"function_call_output","call_id":)" + id(index) + R"(,"output":)" +
         json::quote(result(index)) + "}," + said("assistant", kType);
}

std::string messagesExchange(int index) {
  return said("user", "") + R"(,{"role":"assistant","content":[{"type":"tool_use","id":)" +
         id(index) + R"(,"name":)" + name(index) + R"(,"input":)" + input(index) +
         R"(}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":)" + id(index) +
         R"(,"content":)" + json::quote(result(index)) + "}]}," + said("assistant", "");
}

std::string chatTool(int index) {
  return R"({"type":"function","function":{)" + toolDeclaration(index, "parameters") + "}}";
}

std::string responsesTool(int index) {
  return R"({"type":"function",)" + toolDeclaration(index, "parameters") + "}";
}

std::string messagesTool(int index) { return "{" + toolDeclaration(index, "input_schema") + "}"; }

constexpr std::string_view kModel = R"({"model":"gemini-3.8-flash",)";
constexpr std::string_view kLast = R"(,{"role":"user","content":"And now?"}],"tools":[)";

std::string body(std::string_view list, std::string (*exchange)(int), std::string (*tool)(int),
                 std::string_view rest) {
  return std::string(kModel) + '"' + std::string(list) + "\":[" + joined(exchange, kExchanges) +
         std::string(kLast) + joined(tool, kTools) + ']' + std::string(rest) + '}';
}

}  // namespace

std::string agentChat() { return body("messages", chatExchange, chatTool, R"(,"stream":true)"); }

std::string agentResponses() {
  return body("input", responsesExchange, responsesTool, R"(,"store":false,"stream":true)");
}

std::string agentMessages() {
  return body("messages", messagesExchange, messagesTool, R"(,"max_tokens":4096,"stream":true)");
}

}  // namespace rondo::bench
