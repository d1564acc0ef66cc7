#include "equality/reference_stream.h"

#include <set>

#include "equality/head.h"
#include "equality/printing.h"

namespace rondo::equality {
namespace {

// --- The documents in a body ---

struct Documents {
  std::vector<Value> answers;
  std::string fault;     // After them. Empty: none.
  bool isWhole = false;  // The body is one JSON object, and no events.
};

// Nobody can ask for so many choices.
bool hasOddIndex(const Value& answer) {
  for (const Value& candidate : getArray(answer, "candidates")) {
    const std::int64_t index = getInteger(candidate, "index").value_or(0);
    if (index < 0 || index > 127) return true;
  }
  return false;
}

void takeValue(const Value& value, Documents& documents) {
  if (!documents.fault.empty()) return;
  if (value.is_array()) {
    for (const Value& each : value) takeValue(each, documents);
  } else if (!value.is_object()) {
    documents.fault = "upstream_malformed";
  } else if (get(value, "error")) {
    documents.fault = "upstream_error";
  } else if (hasOddIndex(value)) {
    documents.fault = "upstream_malformed";
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

std::string_view withoutIndent(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return line;
}

// A comment, a field that means nothing here, or blanks alone.
bool isSkipped(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  if (withoutIndent(line).empty() || name == "event" || name == "id" || name == "retry")
    return true;
  return colon != std::string_view::npos &&
         name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
             std::string_view::npos;
}

// Reads a body line by line. Lines end in LF, CRLF or CR; the last one needs no end.
class Lines {
 public:
  Lines(std::string_view body, Documents& documents) : body_(body), documents_(documents) {}

  void read() {
    while (at_ < body_.size()) {
      const std::size_t end = std::min(body_.find_first_of("\r\n", at_), body_.size());
      const std::string_view line = body_.substr(at_, end - at_);
      if (takeRest(line)) return;
      takeLine(line);
      at_ = end + (body_.substr(end).starts_with("\r\n") ? 2 : 1);
    }
    // An event without its blank line at the end of the body counts too.
    endEvent(true);
  }

 private:
  void takeLine(std::string_view line) {
    if (line.empty()) endEvent(false);
    if (line != "data" && !line.starts_with("data:")) return;
    std::string_view value = line.substr(std::min<std::size_t>(line.size(), 5));
    if (value.starts_with(' ')) value.remove_prefix(1);
    data_ += (hasData_ ? "\n" : "") + std::string(value);
    hasData_ = true;
  }

  // What is no event: a document of its own up to the end of the body, or nothing that can be read.
  bool takeRest(std::string_view line) {
    const std::string_view inner = withoutIndent(line);
    const bool isDocument = inner.starts_with('{') || inner.starts_with('[');
    const bool isData = line == "data" || line.starts_with("data:");
    if (!isDocument && (line.empty() || isData || isSkipped(line))) return false;
    const bool isLastLine = at_ + line.size() >= body_.size();
    endEvent(isLastLine && !isDocument);
    if (!isDocument && !isLastLine) {
      if (documents_.fault.empty()) documents_.fault = "upstream_malformed";
      return true;
    }
    std::string_view rest = withoutIndent(body_.substr(at_));
    while (!rest.empty() && std::string_view(" \t\r\n").contains(rest.back())) {
      rest.remove_suffix(1);
    }
    documents_.isWhole = !hadEvents_ && rest.starts_with('{');
    takeText(rest, true, documents_);
    return true;
  }

  void endEvent(bool isLast) {
    if (hasData_) takeText(data_, isLast, documents_);
    hadEvents_ |= hasData_;
    data_.clear();
    hasData_ = false;
  }

  std::string_view body_;
  Documents& documents_;
  std::size_t at_ = 0;
  std::string data_;
  bool hasData_ = false;
  bool hadEvents_ = false;
};

Documents documentsOf(std::string_view body) {
  Documents documents;
  Lines(withoutMark(body), documents).read();
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
    const bool saysMore = !finish.last.annotations.empty() || !finish.last.calls.empty();
    if (saysMore) addDelta(finish.choice, finish.last);
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
  add(message, finish.last);
  message.annotations = finish.last.annotations;
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
  const std::string fault =
      documents.fault.empty() ? reader.finish(documents.isWhole, finishes) : documents.fault;
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
