#include "equality/answer_generator.h"

#include "equality/spelling.h"

namespace rondo::equality {
namespace {

Value call(Dice& dice) {
  Value call = {{"name", dice.of<const char*>({"get_time", "run_code_", "default_api.get_time",
                                               "default_api.run_code_", "other"})}};
  if (dice.once(24)) call["name"] = dice.of<Value>({"", nullptr, 5});
  if (dice.once(2)) {
    call["id"] = dice.once(12)   ? anyText(dice)
                 : dice.once(12) ? std::string(39 + dice.below(3), 'i')
                                 : dice.of<const char*>({"id1", "id2", "a.b", ""});
  }
  if (dice.once(4)) {
    call["args"] = {{"input", anyValue(dice, 1)}};
  } else if (!dice.once(6)) {
    call["args"] = anyObject(dice, 2);
  }
  return call;
}

Value medium(const char* place, const std::string& value, Dice& dice) {
  return {{"mimeType", dice.of<const char*>({"image/png", "image/jpeg", "audio/wav", ""})},
          {place, value}};
}

Value part(Dice& dice) {
  Value part = Value::object();
  switch (dice.below(16)) {
    case 0:
    case 1:
    case 2: part["functionCall"] = call(dice); break;
    case 3: part["inlineData"] = medium("data", base64Text(dice), dice); break;
    case 4: part["fileData"] = medium("fileUri", "gs://b/" + anyText(dice), dice); break;
    case 5:
      part["executableCode"] = {{"language", dice.of<const char*>({"PYTHON", "", "LANG"})},
                                {"code", anyText(dice)}};
      break;
    case 6:
      part["codeExecutionResult"] = {
          {"outcome", dice.of<const char*>({"OUTCOME_OK", "OUTCOME_FAILED", ""})},
          {"output", anyText(dice)}};
      break;
    case 7: part["odd"] = anyValue(dice, 1); break;
    default: part["text"] = anyText(dice); break;
  }
  if (dice.once(5)) part["thought"] = !dice.once(6);
  if (dice.once(5)) part["thoughtSignature"] = signature(dice);
  return part;
}

// Arguments may come in a part of their own, behind a call that has none.
void addParts(Value& parts, Dice& dice) {
  parts.push_back(part(dice));
  if (!parts.back().contains("functionCall") || !dice.once(4)) return;
  if (!dice.once(4)) parts.back()["functionCall"]["args"] = Value::object();
  if (dice.once(4)) parts.push_back(part(dice));
  Value more = {{"functionCall", call(dice)}};
  more["functionCall"].erase("name");
  if (dice.once(4)) more["thoughtSignature"] = signature(dice);
  parts.push_back(more);
}

Value place(Dice& dice) { return dice.of<Value>({0, 1, 3, 5, 17, 1000000, -1, 2.0, nullptr, "x"}); }

std::string uri(Dice& dice) {
  return dice.once(6) ? anyText(dice)
                      : dice.of<const char*>({"https://a.example", "https://b.example"});
}

void addGrounding(Value& candidate, Dice& dice) {
  Value chunks = Value::array();
  for (std::size_t i = dice.below(4); i > 0; --i) {
    const char* kind = dice.of<const char*>({"web", "maps", "retrievedContext", "image", "odd"});
    chunks.push_back({{kind, {{"uri", uri(dice)}, {"title", anyText(dice)}}}});
  }
  Value supports = Value::array();
  for (std::size_t i = dice.below(4); i > 0; --i) {
    Value segment = {{"startIndex", place(dice)}, {"endIndex", place(dice)}};
    if (dice.once(2)) segment["partIndex"] = dice.below(3);
    supports.push_back({{"segment", segment},
                        {"groundingChunkIndices", Value::array({dice.below(4), place(dice)})}});
  }
  candidate["groundingMetadata"] = {{"groundingChunks", chunks}, {"groundingSupports", supports}};
}

void addCitations(Value& candidate, Dice& dice) {
  Value sources = Value::array();
  for (std::size_t i = dice.below(4); i > 0; --i) {
    sources.push_back({{"startIndex", place(dice)},
                       {"endIndex", place(dice)},
                       {"uri", uri(dice)},
                       {"title", anyText(dice)}});
  }
  candidate["citationMetadata"][dice.once(2) ? "citationSources" : "citations"] = sources;
}

Value score(Dice& dice) {
  return {{"token", anyText(dice)}, {"tokenId", 7}, {"logProbability", anyNumber(dice)}};
}

void addScores(Value& candidate, Dice& dice) {
  Value& result = candidate["logprobsResult"];
  result["chosenCandidates"] = Value::array({score(dice), score(dice)});
  if (dice.once(3)) return;
  const Value alternatives = {{"candidates", Value::array({score(dice), score(dice)})}};
  result["topCandidates"] = Value::array({alternatives});
}

std::string reason(Dice& dice) {
  if (!dice.once(4)) return "STOP";
  return dice.of<const char*>({"MAX_TOKENS", "SAFETY", "RECITATION", "MALFORMED_FUNCTION_CALL",
                               "IMAGE_SAFETY", "FINISH_REASON_UNSPECIFIED", "OTHER", "NO_IMAGE",
                               ""});
}

Value candidate(bool isLast, Dice& dice) {
  Value candidate = Value::object();
  Value parts = Value::array();
  for (std::size_t i = dice.below(dice.once(6) ? 4 : 2) + (dice.once(3) ? 0 : 1); i > 0; --i)
    addParts(parts, dice);
  if (!parts.empty() || dice.once(2)) candidate["content"] = {{"parts", parts}, {"role", "model"}};
  if (isLast && !dice.once(24)) candidate["finishReason"] = reason(dice);
  if (isLast && dice.once(6)) candidate["finishMessage"] = anyText(dice);
  if (dice.once(12)) addCitations(candidate, dice);
  if (dice.once(12)) addGrounding(candidate, dice);
  if (dice.once(16)) addScores(candidate, dice);
  return candidate;
}

Value usage(Dice& dice) {
  Value usage = Value::object();
  for (const char* key :
       {"promptTokenCount", "candidatesTokenCount", "totalTokenCount", "thoughtsTokenCount",
        "cachedContentTokenCount", "toolUsePromptTokenCount"}) {
    if (dice.once(3)) usage[key] = dice.once(6) ? anyNumber(dice) : Value(dice.below(5000));
  }
  for (const char* key : {"promptTokensDetails", "candidatesTokensDetails"}) {
    if (!dice.once(4)) continue;
    usage[key] = Value::array({{{"modality", "TEXT"}, {"tokenCount", 5}},
                               {{"modality", "AUDIO"}, {"tokenCount", dice.below(50)}}});
  }
  return usage;
}

Value event(std::size_t candidates, bool isLast, Dice& dice) {
  Value event = Value::object();
  if (!dice.once(16)) {
    event["candidates"] = Value::array();
    for (std::size_t i = 0; i < candidates; ++i) {
      Value one = candidate(isLast, dice);
      if (candidates > 1 || dice.once(3)) one["index"] = i;
      if (dice.once(40)) one["index"] = dice.of<Value>({127, 128, 65536, -1, 1.0, 1e300, "1"});
      event["candidates"].push_back(one);
    }
  }
  if (dice.once(isLast ? 3 : 8)) event["usageMetadata"] = usage(dice);
  if (dice.once(40)) {
    event["promptFeedback"]["blockReason"] =
        dice.of<const char*>({"SAFETY", "BLOCK_REASON_UNSPECIFIED", "", "OTHER"});
  }
  if (dice.once(8)) event["modelVersion"] = "gemini-3.8-flash";
  if (dice.once(8)) event["responseId"] = anyText(dice);
  return event;
}

}  // namespace

std::vector<Value> anyAnswer(Dice& dice) {
  const std::size_t candidates = dice.once(8) ? 2 + dice.below(2) : 1;
  std::vector<Value> events;
  for (std::size_t left = dice.below(dice.once(8) ? 7 : 2) + 1; left-- > 0;) {
    events.push_back(event(candidates, left == 0, dice));
  }
  if (dice.once(6)) damage(events[dice.below(events.size())], dice);
  if (dice.once(40)) {
    events.push_back(
        {{"error", {{"code", 503}, {"status", "UNAVAILABLE"}, {"message", anyText(dice)}}}});
  }
  return events;
}

std::string plainBody(const std::vector<Value>& events) {
  std::string body;
  for (const Value& event : events) body += "data: " + event.dump() + "\r\n\r\n";
  return body;
}

namespace {

std::string lineEnd(Dice& dice) { return dice.of<const char*>({"\n", "\r\n", "\r\n", "\r"}); }

// One event. White space in the JSON may break it into several lines of data.
void appendEvent(std::string& body, const std::string& json, Dice& dice) {
  const std::string end = lineEnd(dice);
  if (dice.once(8)) body += ": ping" + end;
  if (dice.once(8)) body += "event: message" + end + "id: 1" + end;
  body += "data: ";
  for (const char c : json) {
    if (c == '\n' || c == '\r') {
      body += end + "data: ";
    } else {
      body += c;
    }
  }
  body += end + end;
}

std::string listOf(const std::vector<Value>& events, Dice& dice) {
  Value list = Value::array();
  for (const Value& event : events) list.push_back(event);
  return spelled(list, dice);
}

}  // namespace

std::string oddBody(const std::vector<Value>& events, Dice& dice) {
  if (dice.once(8) && events.front().is_structured()) return listOf(events, dice);
  std::string body = dice.once(12) ? "\xEF\xBB\xBF" : "";
  for (const Value& event : events) appendEvent(body, spelled(event, dice), dice);
  if (dice.once(12)) body += "data: [DONE]\n\n";
  // Some servers end without a blank line.
  if (dice.once(12)) body.erase(body.find_last_not_of("\r\n") + 1);
  return body;
}

std::string mixedBody(const std::vector<Value>& events, Dice& dice) {
  std::string body;
  const std::size_t bare = dice.below(events.size() + 1);
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (i == bare) {
      body += dice.of<const char*>({"", "", " ", "\t ", "["}) + spelled(events[i], dice);
      body += lineEnd(dice) + (body.starts_with('[') || dice.once(8) ? "]" : "");
    } else {
      appendEvent(body, spelled(events[i], dice), dice);
    }
  }
  if (bare == events.size()) {
    body +=
        dice.of<const char*>({"<html>", "word", "no field: x", "x: y", " ", "[DONE]", "{", "7"});
    if (dice.once(2)) body += lineEnd(dice);
  }
  return body;
}

}  // namespace rondo::equality
