#include "equality/request_generator.h"

#include <iterator>

#include "equality/reference_family.h"

namespace rondo::equality {
namespace {

std::string toolName(Dice& dice) {
  if (dice.once(60)) return anyText(dice);
  if (dice.once(8)) return "n" + anyText(dice);
  if (dice.once(40)) return std::string(60 + dice.below(10), 'n');
  // Alike, and alike when cut.
  if (dice.once(16))
    return "run code" + std::string(dice.below(2) * 60, '/') + dice.of({'!', '?', '_'});
  return dice.of<const char*>(
      {"get_time", "f", "run code!", "run_code_", "größe", "1st", "a.b:c-d"});
}

std::string callId(Dice& dice) {
  if (dice.once(60)) return anyText(dice);
  if (dice.once(20)) return "c" + anyText(dice);
  return dice.of<const char*>({"call_1", "call_2", "call_3", "c1", "c2", "toolu_01", "f",
                               "c4__thought__U2ln", "call_5__thought__abcde", "c1_2", "call_2_2"});
}

// A medium's URL of any kind.
std::string mediumUrl(Dice& dice) {
  if (dice.once(40)) return anyText(dice);
  if (dice.once(40)) {
    return dice.of<const char*>({"data:image/png,abcd", "data:;base64,", "data", "data:x",
                                 "https://user@example.com/a.png", "ftp://example.com/a"});
  }
  if (dice.once(3)) {
    return dice.of<const char*>(
        {"gs://bucket/film.mp4", "gs://bucket/thing", "GS://B/a.PNG", "https://youtu.be/1",
         "https://www.youtube.com/watch?v=1", "https://youtube.com.evil.example/a.png",
         "https://generativelanguage.googleapis.com/v1beta/files/abc", "http://example.com/a.png",
         "https://example.com/a.JPG?x=1", "https://example.com/a", "HTTPS://example.com/b.pdf#1"});
  }
  const std::string type = dice.of<const char*>(
      {"image/png", "IMAGE/JPEG;x=1", "", "application/octet-stream", " a/b ", "image/jpg",
       "application/json", "text/markdown", "text/csv;charset=utf-8", "video/webm;codecs=opus"});
  const std::string scheme = dice.of<const char*>({"data:", "DATA:", " data:"});
  return scheme + type + ";base64," + base64Text(dice);
}

void addSignature(Value& carrier, Dice& dice) {
  switch (dice.below(9)) {
    case 0: carrier["extra_content"]["google"]["thought_signature"] = signature(dice); break;
    case 1: carrier["extra_content"]["vertex"]["thought_signature"] = signature(dice); break;
    case 2: carrier["provider_specific_fields"]["thought_signature"] = signature(dice); break;
    case 3: carrier["thought_signature"] = signature(dice); break;
    case 4:
      // Whichever is told, the first place counts.
      carrier["thought_signature"] = signature(dice);
      carrier["extra_content"]["vertex"]["thought_signature"] = signature(dice);
      carrier["extra_content"]["google"]["thought_signature"] = signature(dice);
      break;
    default: break;
  }
}

Value textPart(Dice& dice) {
  const auto type = dice.once(6) ? dice.of<const char*>({"input_text", "output_text"}) : "text";
  return {{"type", type}, {"text", anyText(dice)}};
}

Value imagePart(Dice& dice) {
  Value part = {{"type", "image_url"}};
  if (dice.once(4)) {
    part["image_url"] = mediumUrl(dice);
  } else {
    part["image_url"]["url"] = mediumUrl(dice);
    if (dice.once(2)) {
      part["image_url"]["detail"] = dice.of<const char*>({"low", "high", "auto", "original", "x"});
    }
  }
  addSignature(part, dice);
  return part;
}

Value filePart(Dice& dice) {
  Value file = Value::object();
  if (!dice.once(3)) file["file_data"] = dice.once(2) ? base64Text(dice) : mediumUrl(dice);
  if (dice.once(3)) file["file_id"] = dice.once(2) ? "files/abc" : mediumUrl(dice);
  if (dice.once(2)) {
    file["filename"] = dice.of<const char*>(
        {"a.pdf", "b.txt", "c", "d.MP3", "e.ts", "f.py", "g.csv", "h.docx", ""});
  }
  return {{"type", "file"}, {"file", file}};
}

Value anthropicMedium(Dice& dice) {
  Value part = {{"type", dice.of<const char*>({"image", "document"})}};
  if (dice.once(3)) {
    part["source"] = {{"type", "url"}, {"url", mediumUrl(dice)}};
  } else {
    part["source"] = {{"type", "base64"},
                      {"media_type", dice.of<const char*>({"image/webp", "image/jpg"})},
                      {"data", base64Text(dice)}};
  }
  if (dice.once(3)) part["title"] = "paper.pdf";
  return part;
}

Value mediumPart(Dice& dice) {
  switch (dice.below(6)) {
    case 0:
      return {{"type", "input_audio"},
              {"input_audio",
               {{"data", dice.once(4) ? mediumUrl(dice) : base64Text(dice)},
                {"format", dice.of<const char*>({"mp3", "WAV", "audio/x", "odd", " ogg ", "webm",
                                                 "mp4", "pcm16"})}}}};
    case 1: return filePart(dice);
    case 2:
      if (dice.once(2)) return {{"type", "video_url"}, {"video_url", mediumUrl(dice)}};
      return {{"type", "video_url"}, {"video_url", {{"url", mediumUrl(dice)}}}};
    case 3: return anthropicMedium(dice);
    default: return imagePart(dice);
  }
}

Value anyPart(Dice& dice) {
  if (dice.once(12)) return {{"type", "refusal"}, {"refusal", anyText(dice)}};
  return dice.once(4) ? mediumPart(dice) : textPart(dice);
}

Value parts(Dice& dice) {
  Value list = Value::array();
  for (std::size_t i = dice.below(4); i > 0; --i) list.push_back(anyPart(dice));
  return list;
}

Value content(Dice& dice) { return dice.once(2) ? Value(anyText(dice)) : parts(dice); }

Value toolUse(Dice& dice) {
  Value block = {{"type", "tool_use"}, {"id", callId(dice)}, {"name", toolName(dice)}};
  if (!dice.once(4)) block["input"] = anyObject(dice, 2);
  addSignature(block, dice);
  return block;
}

Value toolResultBlock(Dice& dice) {
  Value block = {{"type", "tool_result"}, {"tool_use_id", callId(dice)}};
  if (!dice.once(4)) block["content"] = dice.once(2) ? Value(jsonText(dice)) : content(dice);
  if (dice.once(3)) block["is_error"] = dice.once(2);
  return block;
}

Value call(Dice& dice) {
  const Value arguments = dice.once(8) ? anyObject(dice, 2) : Value(jsonText(dice));
  Value entry = Value::object();
  if (!dice.once(10)) entry["id"] = callId(dice);
  if (dice.once(8)) {
    entry["type"] = "custom";
    entry["custom"] = {{"name", toolName(dice)}, {"input", arguments}};
  } else {
    entry["type"] = "function";
    entry["function"] = {{"name", toolName(dice)}, {"arguments", arguments}};
    if (dice.once(8)) addSignature(entry["function"], dice);
  }
  addSignature(entry, dice);
  return entry;
}

Value calls(Dice& dice) {
  Value list = Value::array();
  for (std::size_t i = 1 + dice.below(3); i > 0; --i) list.push_back(call(dice));
  return list;
}

Value assistant(Dice& dice) {
  Value message = {{"role", "assistant"}};
  if (!dice.once(3)) message["content"] = dice.once(6) ? Value() : content(dice);
  if (dice.once(6)) message["content"] = Value::array({textPart(dice), toolUse(dice)});
  if (dice.once(2)) message["tool_calls"] = calls(dice);
  if (dice.once(10)) {
    message["function_call"] = {{"name", toolName(dice)}, {"arguments", jsonText(dice)}};
  }
  if (dice.once(10)) message["refusal"] = anyText(dice);
  if (dice.once(10)) message["images"] = Value::array({imagePart(dice)});
  if (dice.once(10)) message["reasoning_content"] = anyText(dice);
  if (dice.once(10)) {
    message["reasoning_details"] = Value::array(
        {{{"type", "reasoning.encrypted"}, {"id", callId(dice)}, {"data", signature(dice)}}});
  }
  addSignature(message, dice);
  return message;
}

Value toolMessage(Dice& dice) {
  Value message = {{"role", "tool"}};
  if (dice.once(6)) {
    message = {{"role", "function"}, {"name", toolName(dice)}};
  } else {
    message["tool_call_id"] = callId(dice);
  }
  if (!dice.once(10)) message["content"] = dice.once(4) ? content(dice) : Value(jsonText(dice));
  return message;
}

Value userMessage(Dice& dice) {
  Value message = {{"role", "user"}, {"content", content(dice)}};
  if (!message["content"].is_array() || !dice.once(3)) return message;
  for (std::size_t i = dice.below(3); i > 0; --i)
    message["content"].push_back(toolResultBlock(dice));
  if (dice.once(4)) message["content"].push_back({{"type", "thinking"}, {"thinking", "…"}});
  return message;
}

Value message(Dice& dice) {
  switch (dice.below(8)) {
    case 0:
      return {{"role", dice.of<const char*>({"system", "developer"})}, {"content", content(dice)}};
    case 1:
    case 2:
    case 3: return userMessage(dice);
    case 4:
    case 5: return assistant(dice);
    default: return toolMessage(dice);
  }
}

Value declaration(Dice& dice) {
  Value function = {{"name", toolName(dice)}};
  if (dice.once(2)) function["description"] = anyText(dice);
  if (!dice.once(5)) {
    function[dice.once(8) ? "input_schema" : "parameters"] = anySchema(dice, 1);
  }
  if (dice.once(8)) function["strict"] = true;
  return function;
}

Value tool(Dice& dice) {
  if (dice.once(16)) return {{"type", "web_search"}};
  if (dice.once(6)) return {{"type", "custom"}, {"custom", declaration(dice)}};
  return {{"type", "function"}, {"function", declaration(dice)}};
}

// The name of one of the tools, or another one.
std::string nameAmong(const Value& tools, Dice& dice) {
  const Value& tool = tools[dice.below(tools.size())];
  for (const char* key : {"function", "custom"}) {
    if (tool.contains(key)) return tool[key]["name"].get<std::string>();
  }
  return toolName(dice);
}

Value toolChoice(const Value& tools, Dice& dice) {
  if (dice.once(3)) return dice.of<const char*>({"none", "auto", "required", "any"});
  const Value named = {{"type", "function"}, {"function", {{"name", nameAmong(tools, dice)}}}};
  if (dice.once(2)) return named;
  return {
      {"type", "allowed_tools"},
      {"allowed_tools",
       {{"mode", dice.of<const char*>({"auto", "required"})}, {"tools", Value::array({named})}}}};
}

void addTools(Value& request, Dice& dice) {
  if (dice.once(12)) request["web_search_options"] = Value::object();
  if (dice.once(8)) {
    request["functions"] = Value::array({declaration(dice), declaration(dice)});
    if (dice.once(2)) request["function_call"] = dice.of<const char*>({"auto", "none"});
    if (dice.once(4)) request["function_call"] = {{"name", request["functions"][0]["name"]}};
    return;
  }
  if (!dice.once(2)) return;
  Value tools = Value::array();
  for (std::size_t i = 1 + dice.below(3); i > 0; --i) tools.push_back(tool(dice));
  if (dice.once(2)) request["tool_choice"] = toolChoice(tools, dice);
  request["tools"] = tools;
  if (dice.once(4)) request["parallel_tool_calls"] = dice.once(2);
}

void addSampling(Value& request, Dice& dice) {
  const auto add = [&](const char* key, std::initializer_list<Value> values) {
    if (dice.once(6)) request[key] = dice.of(values);
    // Just outside what one of them takes, or far.
    if (dice.once(200)) {
      request[key] = dice.of<Value>(
          {1.0000001, 2.0000001, -2.0000001, -1e-9, 21, 129, 2147483648, anyNumber(dice)});
    }
  };
  add("temperature", {0, 1, 0.7, 2.0, -0.0, 1e-9, 1});
  add("top_p", {0, 1, 0.95, 5e-324});
  add("presence_penalty", {0, 0.5, -2, -0.0, 1.25});
  add("frequency_penalty", {0, 0.1, 2});
  add("max_tokens", {1, 100, 100.0, 1e5, 2147483647});
  add("max_completion_tokens", {1, 4096, 65537});
  add("n", {1, 2, 8, 9, 128});
  add("seed", {0, 42, -1, 4294967297, 9223372036854775807, 3.0});
  add("logprobs", {true, false});
  add("top_logprobs", {0, 3, 20});
  add("stream", {true, false});
  if (dice.once(8)) request["stop"] = anyText(dice);
  if (dice.once(8)) {
    request["stop"] = Value::array();
    for (std::size_t i = dice.below(8); i > 0; --i) request["stop"].push_back(anyText(dice));
  }
}

Value thinkingConfig(Dice& dice) {
  Value config = Value::object();
  if (dice.once(2)) {
    config["thinking_level"] = dice.of<const char*>({"low", "HIGH", "minimal", "odd", ""});
  }
  if (dice.once(2)) config["thinking_budget"] = dice.of<Value>({0, -1, 512, 8192, 40000, 24576.0});
  if (dice.once(2)) config["include_thoughts"] = dice.once(2);
  return config;
}

Value googleExtras(Dice& dice) {
  Value google = Value::object();
  if (dice.once(2)) google["thinking_config"] = thinkingConfig(dice);
  if (dice.once(3)) google["cached_content"] = anyText(dice);
  if (dice.once(3)) google["safety_settings"] = Value::array({anyValue(dice, 2)});
  return google;
}

void addOutput(Value& request, Dice& dice) {
  if (dice.once(5)) {
    request["response_format"]["type"] =
        dice.of<const char*>({"text", "json_object", "json_schema", "json_schema"});
    if (request["response_format"]["type"] == "json_schema") {
      request["response_format"]["json_schema"] = {{"name", "x"}, {"schema", anySchema(dice, 1)}};
    }
  }
  if (dice.once(5)) {
    request["reasoning_effort"] =
        dice.of<const char*>({"none", "minimal", "low", "medium", "high", "xhigh", "max"});
  }
  if (dice.once(12))
    request["modalities"] = Value::array({"text", dice.once(2) ? "image" : "audio"});
  if (dice.once(8)) request["google"] = googleExtras(dice);
  if (dice.once(8)) request["extra_body"]["google"] = googleExtras(dice);
  if (dice.once(12)) request["thinking_config"] = thinkingConfig(dice);
  if (dice.once(12)) request["thinking_budget"] = dice.of<Value>({0, -1, 1, 1024});
  if (dice.once(12)) request["service_tier"] = dice.of<const char*>({"flex", "priority", "auto"});
  if (dice.once(16)) request["user"] = anyText(dice);
  if (dice.once(16)) request["metadata"] = anyValue(dice, 2);
}

}  // namespace

Value anyRequest(Dice& dice) {
  Value request = {{"model", dice.of<const char*>({"gemini-3.8-flash", "gemini-3.8-flash(high)",
                                                   "gemini-2.5-pro(8192)", "auto(odd)"})}};
  request["messages"] = Value::array();
  for (std::size_t i = 1 + dice.below(dice.once(6) ? 9 : 3); i > 0; --i) {
    request["messages"].push_back(message(dice));
  }
  addTools(request, dice);
  if (dice.once(2)) addSampling(request, dice);
  if (dice.once(2)) addOutput(request, dice);
  for (std::size_t i = dice.once(6) ? 1 + dice.below(2) : 0; i > 0; --i) damage(request, dice);
  return request;
}

Target anyTarget(Dice& dice) {
  Target target;
  target.model = kModels[dice.below(std::size(kModels))];
  target.backend = dice.once(2) ? google::Backend::Vertex : google::Backend::Gemini;
  target.isRetry = dice.once(8);
  target.hasMedia = !dice.once(4);
  return target;
}

Value anyAskingRequest(Dice& dice) {
  Value request = {{"model", "m"},
                   {"messages", Value::array({{{"role", "user"}, {"content", "x"}}})}};
  if (dice.once(2)) request["stream_options"]["include_usage"] = true;
  if (dice.once(4)) request["parallel_tool_calls"] = false;
  const Value plain = {{"name", "get_time"}};
  const Value odd = {{"name", "run code!"}};
  if (dice.once(4)) {
    request["functions"] = Value::array({plain, odd});
  } else {
    request["tools"] = Value::array(
        {{{"type", "function"}, {"function", plain}}, {{"type", "custom"}, {"custom", odd}}});
  }
  return request;
}

}  // namespace rondo::equality
