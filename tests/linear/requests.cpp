#include "linear/requests.h"

#include <algorithm>
#include <functional>

#include "anthropic/messages_dialect.h"
#include "conversation/signature.h"
#include "openai/responses_dialect.h"

namespace rondo::linear {
namespace {

// That many pieces, with commas between.
std::string list(int size, const std::function<std::string(int)>& piece) {
  std::string all;
  for (int i = 0; i < size; ++i) all += (i > 0 ? "," : "") + piece(i);
  return all;
}

// Half as many as a request may have.
constexpr int kTools = 256;

std::string number(int i) { return std::to_string(1'000'000 + i); }

std::string request(const std::string& messages, const std::string& fields = "") {
  return R"({"model":"m","messages":[)" + messages + "]" + fields + "}";
}

const std::string kUser = R"({"role":"user","content":"go"})";

std::string tool(const std::string& name) {
  return R"({"type":"function","function":{"name":")" + name + R"("}})";
}

std::string call(const std::string& id, const std::string& name) {
  return R"({"id":")" + id + R"(","function":{"name":")" + name + R"(","arguments":"{}"}})";
}

std::string calling(const std::string& calls, const std::string& fields = "") {
  return R"(,{"role":"assistant","tool_calls":[)" + calls + "]" + fields + "}";
}

// That many calls, in messages of as many as one may have.
std::string callings(int size, const std::function<std::string(int)>& each) {
  constexpr int kMost = 1000;
  std::string all;
  for (int begin = 0; begin < size; begin += kMost) {
    const int count = std::min(kMost, size - begin);
    all += calling(list(count, [&](int i) { return each(begin + i); }));
  }
  return all;
}

std::string result(const std::string& id, const std::string& content = R"("1")") {
  return R"(,{"role":"tool","tool_call_id":")" + id + R"(","content":)" + content + "}";
}

std::string results(int size, const std::function<std::string(int)>& id) {
  std::string all;
  for (int i = 0; i < size; ++i) all += result(id(i));
  return all;
}

// Two of each that are the same when cut, and all of them nearly so.
std::string longName(int i) { return std::string(57, 'a') + number(i / 2) + (i % 2 ? "x" : "y"); }

// Every other name becomes the same one for Google; the rest are that name with a number behind it.
std::string numberedName(int i) {
  std::string odd;
  for (int bit = 0; bit < 13; ++bit) odd += i / 2 & 1 << bit ? '!' : '?';
  return i % 2 ? odd : std::string(13, '_') + "_" + std::to_string(i);
}

std::string tools(const std::function<std::string(int)>& name, int size) {
  return request(kUser, R"(,"tools":[)" + list(size, [&](int i) { return tool(name(i)); }) + "]");
}

std::string toolsThatCollide(int size) { return tools(longName, size); }
std::string toolsThatAreNumbered(int size) { return tools(numberedName, size); }
std::string toolsOfOneName(int size) {
  return tools([](int) { return std::string("f"); }, size);
}

std::string callsThatCollide(int size) {
  return request(kUser + callings(size, [](int i) { return call(number(i), longName(i)); }));
}

std::string allowedTools(int size) {
  const auto each = [](int i) { return tool(number(i)); };
  const auto other = [size](int i) { return tool(number(size - 1 - i)); };
  return request(kUser,
                 R"(,"tools":[)" + list(size, each) +
                     R"(],"tool_choice":{"type":"allowed_tools","allowed_tools":{"tools":[)" +
                     list(size, other) + "]}}");
}

std::string functions(int size) {
  return request(kUser, R"(,"functions":[)" +
                            list(size, [](int i) { return R"({"name":")" + number(i) + R"("})"; }) +
                            R"(],"function_call":{"name":")" + number(size - 1) + R"("})");
}

std::string reasoningDetails(int size) {
  const auto detail = [size](int i) {
    return R"({"id":")" + number(size - 1 - i) + R"(","data":"c2ln"})";
  };
  return request(kUser + calling(list(size / 8, [](int i) { return call(number(i), "f"); }),
                                 R"(,"reasoning_details":[)" + list(size, detail) + "]"));
}

std::string resultsInReverse(int size) {
  return request(kUser + callings(size, [](int i) { return call(number(i), "f"); }) +
                 results(size, [size](int i) { return number(size - 1 - i); }));
}

std::string resultsOfUnknownCalls(int size) {
  return request(kUser + callings(size, [](int i) { return call(number(i), "f"); }) +
                 results(2 * size, [](int i) { return "x" + number(i); }));
}

std::string callsOfOneId(int size) {
  return request(kUser + callings(size, [](int) { return call("a", "f"); }) +
                 results(2 * size, [](int) { return "a"; }));
}

std::string callsOfNumberedIds(int size) {
  return request(kUser + callings(size, [](int i) {
                   return call(i % 2 ? "a" : "a_" + std::to_string(i), "f");
                 }));
}

std::string stepsOfOneId(int size) {
  std::string messages = kUser;
  for (int i = 0; i < size; ++i) messages += calling(call("a", "f"));
  return request(messages + results(2 * size, [](int) { return "a"; }));
}

std::string stepsWithoutAnId(int size) {
  std::string messages = kUser;
  for (int i = 0; i < size; ++i) {
    messages += R"(,{"role":"assistant","function_call":{"name":"f","arguments":"{}"}},)";
    messages += R"({"role":"function","name":"f","content":"1"})";
  }
  return request(messages);
}

std::string signedImages(int size) {
  return request(list(size, [](int) {
    return std::string(R"({"role":"assistant","thought_signature":"c2ln","images":[)"
                       R"({"type":"image_url","image_url":{"url":"gs://b/a.png"}}]})");
  }));
}

std::string systemMessages(int size) {
  return request(list(size, [](int) { return std::string(R"({"role":"system","content":"a"})"); }));
}

std::string imagesOnTheWeb(int size) {
  return request(R"({"role":"user","content":[)" +
                 list(size,
                      [](int i) {
                        return R"({"type":"image_url","image_url":{"url":"http://a.example/)" +
                               number(i) + R"("}})";
                      }) +
                 "]}");
}

std::string brokenBase64(int size) {
  std::string data;
  for (int i = 0; i < size; ++i) data += "AA A-_";
  return request(R"({"role":"user","content":[{"type":"image_url","image_url":{"url":)"
                 R"("data:image/png;base64,)" +
                 data + R"("}}]})");
}

std::string escapes(int size) {
  std::string text;
  for (int i = 0; i < size; ++i) text += R"(\ud83d\n\u0041\ud83d\ude00\\)";
  return request(R"({"role":"user","content":")" + text + R"("})");
}

std::string resultsThatRefer(int size) {
  const std::string document =
      "[" + list(size, [](int) { return std::string(R"({\"$re\":1,\"a\":[\"$ref\"]})"); }) + "]";
  return request(kUser + calling(call("a", "f")) + result("a", '"' + document + '"'));
}

std::string deepResults(int size) {
  std::string deep(190, '[');
  deep.append(R"({\"$re\":1})").append(190, ']');
  const std::string document = "[" + list(size / 100, [&](int) { return deep; }) + "]";
  return request(kUser + calling(call("a", "f")) + result("a", '"' + document + '"'));
}

std::string wideSettings(int size) {
  const auto wide = [](int) {
    return "{" + list(900, [](int i) { return '"' + number(i) + R"(":1)"; }) + "}";
  };
  return request(kUser, R"(,"google":{"safety_settings":[)" + list(size / 100, wide) + "]}");
}

std::string repeatedKeys(int size) {
  const std::string field = R"("user":"a")";
  return request(list(
      size, [&](int) { return R"({"role":"user","content":"a",)" + field + "," + field + "}"; }));
}

std::string stops(int size) {
  return request(kUser, R"(,"stop":[)" + list(size, [](int i) { return '"' + number(i) + '"'; }) +
                            R"(],"modalities":[)" +
                            list(size, [](int) { return std::string(R"("text")"); }) + "]");
}

// --- Responses and messages ---

std::string sealed(conversation::Carried what, const std::string& callId,
                   const std::string& value = "c2ln") {
  return conversation::seal({what, {"api_key", "newest"}, callId, value});
}

std::string inputOf(int size, const std::function<std::string(int)>& item) {
  return R"({"model":"m","input":[{"role":"user","content":"go"},)" + list(size, item) + "]}";
}

std::string reasoning(const std::string& carried) {
  return R"({"type":"reasoning","summary":[{"type":"summary_text","text":"a"}],)"
         R"("encrypted_content":")" +
         carried + R"("})";
}

std::string functionCall(const std::string& id) {
  return R"({"type":"function_call","call_id":")" + id + R"(","name":"f","arguments":"{}"})";
}

std::string callOutput(const std::string& id) {
  return R"({"type":"function_call_output","call_id":")" + id + R"(","output":"1"})";
}

std::string signedTexts(int size) {
  return inputOf(size, [](int) {
    return R"({"role":"assistant","content":"a"},)" +
           reasoning(sealed(conversation::Carried::TextSignature, ""));
  });
}

// Far ahead of what they belong to, if that ever comes.
std::string signaturesWithoutCalls(int size) {
  return inputOf(size, [](int i) {
    return reasoning(sealed(conversation::Carried::CallSignature, number(i)));
  });
}

std::string signedCalls(int size) {
  return inputOf(size, [](int i) {
    return reasoning(sealed(conversation::Carried::CallSignature, number(i))) + "," +
           functionCall(number(i)) + "," + callOutput(number(i));
  });
}

std::string outputsInReverse(int size) {
  std::string items = list(size, [](int i) { return functionCall(number(i)); });
  items += "," + list(size, [size](int i) { return callOutput(number(size - 1 - i)); });
  return R"({"model":"m","input":[{"role":"user","content":"go"},)" + items + "]}";
}

std::string hostedParts(int size) {
  return inputOf(size, [](int) {
    return reasoning(sealed(conversation::Carried::HostedPart, "", R"({"toolCall":{"id":"a"}})"));
  });
}

std::string shellsOfUnknownItems(int size) {
  return inputOf(size, [](int i) {
    return R"({"type":"local_shell_call","id":")" + number(i) + R"(","call_id":"c)" + number(i) +
           R"(","action":{"type":"exec","command":["a"]}},)"
           R"({"type":"local_shell_call_output","id":")" +
           number(i) + R"(","output":"1"})";
  });
}

std::string messagesOf(const std::string& messages) {
  return R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":"go"},)" + messages +
         "]}";
}

std::string thinking(const std::string& carried) {
  return R"({"type":"thinking","thinking":"a","signature":")" + carried + R"("})";
}

std::string thinkingBlocks(int size) {
  return messagesOf(R"({"role":"assistant","content":[)" +
                    list(size,
                         [](int i) {
                           return thinking(
                                      sealed(conversation::Carried::CallSignature, number(i))) +
                                  R"(,{"type":"text","text":"a"})";
                         }) +
                    "]}");
}

std::string toolUses(int size) {
  return messagesOf(list(size, [](int i) {
    return R"({"role":"assistant","content":[)" +
           thinking(sealed(conversation::Carried::CallSignature, number(i))) +
           R"(,{"type":"tool_use","id":")" + number(i) +
           R"(","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result",)"
           R"("tool_use_id":")" +
           number(i) + R"(","content":[{"type":"text","text":"1"}]}]})";
  }));
}

std::string resultsOfMessagesInReverse(int size) {
  const auto use = [](int i) {
    return R"({"type":"tool_use","id":")" + number(i) + R"(","name":"f","input":{}})";
  };
  const auto result = [size](int i) {
    return R"({"type":"tool_result","tool_use_id":")" + number(size - 1 - i) + R"("})";
  };
  return messagesOf(R"({"role":"assistant","content":[)" + list(size, use) +
                    R"(]},{"role":"user","content":[)" + list(size, result) + "]}");
}

std::string searchResults(int size) {
  return messagesOf(R"({"role":"user","content":[)" +
                    list(size,
                         [](int) {
                           return std::string(R"({"type":"search_result","title":"a","source":"b",)"
                                              R"("content":[{"type":"text","text":"c"}]})");
                         }) +
                    "]}");
}

// Half as many calls as may come in a row.
constexpr int kCalls = 500;

}  // namespace

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"ToolsThatCollideWhenCut", toolsThatCollide, kTools},
      {"ToolsWhoseNumberedNamesAreInUse", toolsThatAreNumbered, kTools},
      {"ToolsOfOneName", toolsOfOneName, kTools},
      {"CallsThatCollideWhenCut", callsThatCollide},
      {"AllowedTools", allowedTools, kTools},
      {"LegacyFunctions", functions, kTools},
      {"ReasoningDetails", reasoningDetails},
      {"ResultsInReverse", resultsInReverse},
      {"ResultsOfUnknownCalls", resultsOfUnknownCalls},
      {"CallsOfOneId", callsOfOneId},
      {"CallsWhoseNumberedIdsAreInUse", callsOfNumberedIds},
      {"StepsOfOneId", stepsOfOneId},
      {"StepsWithoutAnId", stepsWithoutAnId},
      {"SignedImages", signedImages},
      {"SystemMessages", systemMessages},
      {"ImagesOnTheWeb", imagesOnTheWeb},
      {"BrokenBase64", brokenBase64},
      {"Escapes", escapes},
      {"ResultsThatNearlyRefer", resultsThatRefer},
      {"DeepResults", deepResults},
      {"WideSettings", wideSettings},
      {"RepeatedKeys", repeatedKeys},
      {"StopsAndModalities", stops},
      {"ResponsesSignedTexts", signedTexts, 4000, openai::responsesDialect},
      {"ResponsesSignaturesWithoutCalls", signaturesWithoutCalls, 4000, openai::responsesDialect},
      {"ResponsesSignedCalls", signedCalls, 3000, openai::responsesDialect},
      {"ResponsesOutputsInReverse", outputsInReverse, kCalls, openai::responsesDialect},
      {"ResponsesHostedParts", hostedParts, 4000, openai::responsesDialect},
      {"ResponsesShells", shellsOfUnknownItems, 4000, openai::responsesDialect},
      {"MessagesThinkingBlocks", thinkingBlocks, 4000, anthropic::messagesDialect},
      {"MessagesToolUses", toolUses, 4000, anthropic::messagesDialect},
      {"MessagesResultsInReverse", resultsOfMessagesInReverse, kCalls, anthropic::messagesDialect},
      {"MessagesSearchResults", searchResults, 4000, anthropic::messagesDialect},
  };
  return all;
}

}  // namespace rondo::linear
