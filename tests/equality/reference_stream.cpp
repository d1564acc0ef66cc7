#include "equality/reference_stream.h"

#include <set>

#include "equality/head.h"
#include "equality/printing.h"

namespace rondo::equality {
namespace {

// --- The documents in a body ---

struct Documents {
  std::vector<Value> answers;
  std::string fault;  // After them. Empty: none.
};

void takeValue(const Value& value, Documents& documents) {
  if (!documents.fault.empty()) return;
  if (value.is_array()) {
    for (const Value& each : value) takeValue(each, documents);
  } else if (!value.is_object()) {
    documents.fault = "upstream_malformed";
  } else if (get(value, "error")) {
    documents.fault = "upstream_error";
  } else {
    documents.answers.push_back(value);
  }
}

std::string_view withoutMark(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  return text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text;
}

void takeText(std::string_view text, bool isLast, Documents& documents) {
  if (!documents.fault.empty() || text == "[DONE]") return;
  const Value value = parsed(withoutMark(text));
  if (value.is_discarded()) {
    documents.fault = isLast ? "upstream_incomplete" : "upstream_malformed";
  } else {
    takeValue(value, documents);
  }
}

// Lines end in LF, CRLF or CR. The last one is whatever comes behind the last end.
std::vector<std::string> linesOf(std::string_view body) {
  std::vector<std::string> lines(1);
  for (std::size_t i = 0; i < body.size(); ++i) {
    const bool isPair = body[i] == '\r' && i + 1 < body.size() && body[i + 1] == '\n';
    if (body[i] != '\r' && body[i] != '\n') {
      lines.back() += body[i];
    } else {
      lines.emplace_back();
    }
    if (isPair) ++i;
  }
  return lines;
}

// An event without its blank line at the end of the body counts too.
void takeEvents(std::string_view body, Documents& documents) {
  std::string data;
  bool hasData = false;
  const std::vector<std::string> lines = linesOf(withoutMark(body));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    const bool isLast = i + 1 == lines.size();
    if (line == "data" || line.starts_with("data:")) {
      std::string value = line.substr(std::min<std::size_t>(line.size(), 5));
      if (value.starts_with(' ')) value.erase(0, 1);
      data += (hasData ? "\n" : "") + value;
      hasData = true;
    }
    if (!hasData || (!line.empty() && !isLast)) continue;
    takeText(data, isLast, documents);
    data.clear();
    hasData = false;
  }
}

Documents documentsOf(std::string_view body) {
  Documents documents;
  const std::size_t first = body.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  if (first == std::string_view::npos) return documents;
  if (body[first] == '{' || body[first] == '[') {
    takeText(body, true, documents);
  } else {
    takeEvents(body, documents);
  }
  return documents;
}

// --- What a client sees ---

Value headOf(const char* object) {
  static const Value kHead = {
      {"id", kAnswerId}, {"object", ""}, {"created", kCreated}, {"model", kModelName}};
  Value head = kHead;
  head["object"] = object;
  return head;
}

void addExtras(Value& message, const Delta& delta) {
  if (!delta.reasoning.empty()) message["reasoning_content"] = delta.reasoning;
  if (!delta.images.empty()) message["images"] = delta.images;
  if (!delta.annotations.empty()) message["annotations"] = delta.annotations;
  if (!delta.signature.empty()) {
    message["extra_content"]["google"]["thought_signature"] = delta.signature;
  }
}

void addCalls(Value& message, const Delta& delta, bool isWhole, bool isLegacy) {
  if (delta.calls.empty()) return;
  Value calls = delta.calls;
  if (isLegacy) {
    const Value& call = calls[0];
    const bool isCustom = call["type"] == "custom";
    const Value& inner = call[isCustom ? "custom" : "function"];
    message["function_call"] = {{"name", inner["name"]},
                                {"arguments", inner[isCustom ? "input" : "arguments"]}};
    return;
  }
  for (Value& call : calls) {
    if (isWhole) call.erase("index");
  }
  message["tool_calls"] = calls;
}

Value logprobsOf(const Delta& delta) {
  if (delta.logprobs.empty()) return nullptr;
  return {{"content", delta.logprobs}, {"refusal", nullptr}};
}

class Events {
 public:
  explicit Events(const Setting& setting) : setting_(setting) {}

  void addDelta(int choice, const Delta& delta) {
    begin(choice);
    Value shown = Value::object();
    if (!delta.content.empty()) shown["content"] = delta.content;
    addExtras(shown, delta);
    addCalls(shown, delta, false, setting_.isLegacy);
    addChunk(choice, shown, logprobsOf(delta), nullptr);
  }

  void addFinish(const Finish& finish) {
    begin(finish.choice);
    if (!finish.annotations.empty()) {
      Delta last;
      last.annotations = finish.annotations;
      addDelta(finish.choice, last);
    }
    addChunk(finish.choice, Value::object(), nullptr, finish.reason);
  }

  void addUsage(const Value& usage) {
    if (!setting_.tellsUsage) return;
    Value chunk = headOf("chat.completion.chunk");
    chunk["choices"] = Value::array();
    chunk["usage"] = usage;
    add(chunk);
  }

  std::string text;

 private:
  void begin(int choice) {
    if (!begun_.insert(choice).second) return;
    addChunk(choice, {{"role", "assistant"}, {"content", ""}}, nullptr, nullptr);
  }

  void addChunk(int choice, const Value& delta, const Value& logprobs, const Value& finish) {
    Value chunk = headOf("chat.completion.chunk");
    Value& only = chunk["choices"].emplace_back(Value::object());
    only["index"] = choice;
    only["delta"] = delta;
    only["logprobs"] = logprobs;
    only["finish_reason"] = finish;
    if (setting_.tellsUsage) chunk["usage"] = nullptr;
    add(chunk);
  }

  void add(const Value& chunk) { text += "data: " + chunk.dump() + "\n\n"; }

  const Setting& setting_;
  std::set<int> begun_;
};

void append(Value& list, const Value& more) {
  for (const Value& each : more) list.push_back(each);
}

void add(Delta& message, const Delta& delta) {
  message.content += delta.content;
  message.reasoning += delta.reasoning;
  append(message.calls, delta.calls);
  append(message.images, delta.images);
  append(message.logprobs, delta.logprobs);
  if (!delta.signature.empty()) message.signature = delta.signature;
}

Value wholeChoice(const Finish& finish, Delta message, bool isLegacy) {
  message.annotations = finish.annotations;
  Value shown = {{"role", "assistant"}, {"content", message.content}};
  const bool saysElse = !message.calls.empty() || !message.images.empty();
  if (message.content.empty() && saysElse) shown["content"] = nullptr;
  shown["refusal"] = nullptr;
  addExtras(shown, message);
  addCalls(shown, message, true, isLegacy);
  return {{"index", finish.choice},
          {"message", shown},
          {"logprobs", logprobsOf(message)},
          {"finish_reason", finish.reason}};
}

// What `usage` is when Google told none.
Value noUsage() {
  const Setting setting;
  Reader reader(setting);
  reader.read({{"usageMetadata", Value::object()}});
  return *reader.usage();
}

}  // namespace

Shown show(std::string_view body, const Setting& setting) {
  const Documents documents = documentsOf(body);
  Reader reader(setting);
  Events events(setting);
  std::map<int, Delta> messages;
  for (const Value& answer : documents.answers) {
    for (const Added& added : reader.read(answer)) {
      events.addDelta(added.choice, added.delta);
      add(messages[added.choice], added.delta);
    }
  }
  std::vector<Finish> finishes;
  const std::string fault = documents.fault.empty() ? reader.finish(finishes) : documents.fault;
  if (!fault.empty()) return {events.text + faultLine(fault), faultLine(fault)};
  Value completion = headOf("chat.completion");
  completion["choices"] = Value::array();
  for (const Finish& finish : finishes) {
    events.addFinish(finish);
    completion["choices"].push_back(wholeChoice(finish, messages[finish.choice], setting.isLegacy));
  }
  events.addUsage(reader.usage() ? *reader.usage() : noUsage());
  if (reader.usage()) completion["usage"] = *reader.usage();
  return {events.text + "data: [DONE]\n\n", completion.dump()};
}

}  // namespace rondo::equality
