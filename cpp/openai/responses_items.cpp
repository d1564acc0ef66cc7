#include <unordered_map>
#include <utility>

#include "conversation/fence.h"
#include "json/writer.h"
#include "openai/responses_client_tools.h"
#include "openai/responses_memory.h"
#include "openai/responses_request_parts.h"
#include "openai/responses_turns.h"

namespace rondo::openai {
namespace {

using conversation::Arguments;
using conversation::CallPart;
using conversation::CallResult;
using conversation::Content;
using conversation::ImagePart;
using conversation::MediaPart;
using conversation::Place;
using conversation::Request;
using conversation::Role;
using conversation::TextPart;
using conversation::ThoughtPart;
using conversation::ToolKind;
using conversation::ToolOutcome;

constexpr std::size_t kMaxItems = 20'000;
// Of one turn of the assistant's. Models call some dozens of tools at once.
constexpr std::size_t kMaxCalls = 1024;

// Bytes of what the user said that a compaction gives back: held beside the request.
constexpr std::size_t kMostKept = 12 * 1024 * 1024;

constexpr std::string_view kSummaryBegin =
    "The conversation up to here was replaced by this summary of it:\n\n";

// Asks for what a `compaction` item carries.
constexpr std::string_view kSummaryRequest =
    "Summarize this conversation up to here, so that somebody who has your summary alone can go on "
    "with it. Keep the user's goals and wishes, decisions, names, paths, numbers, what the tools "
    "found out, what is done and what is left to do. Answer with the summary alone, without "
    "calling tools.";

// What tells a reader of `x-rondo-adjusted` that items were left out.
constexpr std::string_view kLeftOut = "input";

std::optional<Role> readRole(FieldReader& message, Faults& faults) {
  const std::string role = message.requiredString("role");
  if (role == "user") return Role::User;
  if (role == "assistant") return Role::Assistant;
  if (role == "system" || role == "developer") return Role::System;
  faults.unknownValue(message.at("role"), role, {"user", "assistant", "system", "developer"});
  return std::nullopt;
}

// The media type of an image's base64, by how it begins.
std::string_view imageType(std::string_view data) {
  if (data.starts_with("/9j/")) return "image/jpeg";
  if (data.starts_with("R0lG")) return "image/gif";
  if (data.starts_with("UklG")) return "image/webp";
  return "image/png";
}

class ItemReader {
 public:
  ItemReader(ResponsesRequest& responses, Faults& faults)
      : responses_(responses),
        request_(responses.request),
        names_(responses.style.tools),
        turns_(request_.turns),
        faults_(faults) {}

  void addText(Role role, const json::Text& text) {
    turns_.addMessage(role, {TextPart{text}});
    if (role == Role::User) keepContent(text);
  }

  void readList(FieldReader& body, std::string_view key) {
    const Path path = body.at(key);
    for (std::size_t i = 0; const json::Node entry : body.array(key, kMaxItems).elements()) {
      if (faults_.any()) return;
      const Path place(path, i++);
      FieldReader fields(entry, place, faults_);
      if (!faults_.any()) readItem(fields);
    }
    if (leftOut_ > 0) request_.adjusted.emplace_back(kLeftOut);
  }

 private:
  static std::string typeOf(FieldReader& item) {
    std::string type = item.string("type");
    if (!type.empty()) return type;
    return item.any("role") || !item.any("id") ? "message" : "item_reference";
  }

  void readItem(FieldReader& item) {
    const std::string type = typeOf(item);
    if (type == "message") return readMessage(item);
    if (type == "reasoning") return readReasoning(item);
    if (type == "item_reference") return readReference(item);
    if (type == "compaction" || type == "compaction_summary") return readCompaction(item);
    if (type == "additional_tools") {
      readToolList(item, "tools", responses_, faults_);
      return;
    }
    if (type == "image_generation_call") return readImage(item);
    if (type == "code_interpreter_call") return readCode(item);
    // What was found stands in the answer and in what is carried for it.
    if (type == "web_search_call") return;
    if (readCall(item, type) || readOutput(item, type)) return;
    ++leftOut_;
  }

  // --- What people and the model said ---

  void readMessage(FieldReader& item) {
    const auto role = readRole(item, faults_);
    if (!role) return;
    const Path place = item.at("content");
    const json::Node content = item.any("content");
    if (!content && *role != Role::Assistant) return faults_.missing(place);
    if (!content) return;
    turns_.addMessage(*role, readContent(content, place, faults_));
    if (*role == Role::User) keepContent(content);
  }

  // Compaction gives the user's messages back.
  void keepContent(json::Node content) {
    if (responses_.style.call != ResponsesCall::Compact) return;
    if (content.isString()) return keepContent(content.text());
    if (!mayKeep(content.source().size())) return;
    content.appendTo(responses_.style.userContents.emplace_back());
  }
  void keepContent(const json::Text& text) {
    if (responses_.style.call != ResponsesCall::Compact) return;
    if (!mayKeep(text.spelling().size())) return;
    json::Writer writer(responses_.style.userContents.emplace_back());
    writer.beginArray().beginObject().key("type").string("input_text").key("text").string(text);
    writer.endObject().endArray();
  }

  bool mayKeep(std::size_t size) {
    kept_ += size;
    if (kept_ <= kMostKept) return true;
    faults_.report(badRequest("Invalid 'input': expected at most " + std::to_string(kMostKept) +
                                  " bytes of user messages, which a compaction gives back.",
                              "input", "string_above_max_length"));
    return false;
  }

  void readReasoning(FieldReader& item) {
    for (const std::string_view key : {"summary", "content"}) {
      const Path place = item.at(key);
      for (const json::Node part : item.array(key).elements()) {
        if (!faults_.mayRead(place)) return;
        const json::Text text = part.find("text").text();
        if (!text.empty()) turns_.addAssistant(ThoughtPart{text});
      }
    }
    const json::Text sealed = item.any("encrypted_content").text();
    if (sealed.empty()) return;
    if (auto envelope = conversation::unseal(sealed.plain())) {
      turns_.addCarried(std::move(*envelope));
    }
  }

  void readReference(FieldReader& item) {
    if (responses_.destination == Destination::Conversation) return refuseReference(item);
    const std::string id = item.requiredString("id");
    if (faults_.any()) return;
    // A thought alone is no loss.
    if (id.starts_with("rs_")) {
      ++leftOut_;
      return;
    }
    const std::string path = item.at("id").text();
    faults_.report(badRequest("Item with id '" + id.substr(0, 100) +
                                  "' not found: nothing is stored here. Send 'store: false' and "
                                  "the item itself in the place of the reference.",
                              path, "item_not_found"));
  }

  // What it names may be deleted while the conversation lasts.
  void refuseReference(FieldReader& item) {
    const std::string path = item.at("type").text();
    faults_.report(badRequest("Invalid '" + path +
                                  "': a conversation takes items themselves, and no references to "
                                  "them.",
                              path, "invalid_value"));
  }

  void readCompaction(FieldReader& item) {
    const json::Node sealed = item.any("encrypted_content");
    if (!faults_.mayReword(item.at("encrypted_content"), sealed.source().size())) return;
    const auto envelope = conversation::unseal(sealed.text().plain());
    if (!envelope || envelope->what != conversation::Carried::Summary) {
      ++leftOut_;
      return;
    }
    const std::string text = std::string(kSummaryBegin) + envelope->value;
    turns_.addMessage(Role::User, {TextPart{request_.own(text)}});
  }

  void readImage(FieldReader& item) {
    const json::Text result = item.text("result");
    if (result.empty()) return;
    ImagePart image;
    image.url = json::PlainText(result);
    image.place = Place(item.any("result"));
    const bool isUrl = image.url.view().find(':') != std::string_view::npos;
    if (!isUrl) image.mediaType = imageType(image.url.view());
    turns_.addAssistant(MediaPart(std::move(image)));
  }

  // What ran at the back-end. Carried along, it needs no other words.
  void readCode(FieldReader& item) {
    const json::Node outputs = item.array("outputs");
    const std::size_t size = item.any("code").source().size() + outputs.source().size();
    if (turns_.endsWithHostedPart() || !faults_.mayReword(item.path(), size)) return;
    const std::string code = item.string("code");
    if (code.empty()) return;
    std::string text = conversation::fenced("python", code);
    for (const json::Node output : outputs.elements()) {
      const std::string logs = output.find("logs").string();
      if (!logs.empty()) text += conversation::fenced("", logs);
    }
    turns_.addAssistant(TextPart{request_.own(text)});
  }

  // --- Calls ---

  static std::optional<CallItem> calledBy(std::string_view type) {
    if (type == "function_call") return CallItem::Function;
    if (type == "custom_tool_call") return CallItem::Custom;
    if (type == "tool_search_call") return CallItem::ToolSearch;
    if (type == "local_shell_call") return CallItem::LocalShell;
    if (type == "shell_call") return CallItem::Shell;
    if (type == "apply_patch_call") return CallItem::ApplyPatch;
    return std::nullopt;
  }

  bool readCall(FieldReader& item, std::string_view type) {
    const auto kind = calledBy(type);
    if (!kind) return false;
    const bool isNamed = *kind == CallItem::Function || *kind == CallItem::Custom;
    // A search of OpenAI's own has no id, and its result is the tools.
    if (*kind == CallItem::ToolSearch && !item.any("call_id")) return true;
    CallPart call;
    call.id = item.requiredString("call_id");
    call.kind = *kind == CallItem::Custom ? ToolKind::Custom : ToolKind::Function;
    call.name = names_.nameOf({*kind, isNamed ? item.string("namespace") : std::string(),
                               isNamed ? item.requiredString("name") : std::string()});
    call.arguments = isNamed ? readArguments(item, *kind) : readAction(item, *kind);
    call.place = Place(item.self());
    if (*kind == CallItem::LocalShell) callIds_.emplace(item.string("id"), call.id);
    if (turns_.calls() == kMaxCalls) {
      refuseCall(item);
    } else if (!faults_.any()) {
      turns_.addCall(std::move(call));
    }
    return true;
  }

  void refuseCall(FieldReader& item) {
    faults_.report(badRequest("Invalid '" + item.path().text() + "': expected at most " +
                                  std::to_string(kMaxCalls) + " calls in a row.",
                              item.path().text(), "array_above_max_length"));
  }

  // As the model made it, on which its signature stands.
  Arguments readAction(FieldReader& item, CallItem kind) {
    const json::Node action = actionOf(kind, item.self());
    if (!action || action.isString()) return action.text();
    const auto own = withoutAdditions(kind, action);
    if (!own || !faults_.mayReword(item.path(), own->size())) return action.fragment();
    return request_.own(*own);
  }

  // An object in the place of the text is what some clients send.
  Arguments readArguments(FieldReader& item, CallItem kind) {
    const std::string_view key = kind == CallItem::Custom ? "input" : "arguments";
    const json::Node arguments = item.any(key);
    if (!arguments || arguments.isString()) return arguments.text();
    if (!arguments.isObject()) faults_.wrongType(item.at(key), "a string", arguments);
    return arguments.fragment();
  }

  // --- Their results ---

  bool readOutput(FieldReader& item, std::string_view type) {
    if (type == "tool_search_output") {
      readFoundTools(item);
    } else if (type == "function_call_output" || type == "custom_tool_call_output") {
      readResult(item);
    } else if (type == "local_shell_call_output" || type == "shell_call_output" ||
               type == "apply_patch_call_output") {
      readActionOutput(item, type);
    } else {
      return false;
    }
    return true;
  }

  CallResult begunResult(FieldReader& item) {
    CallResult result;
    result.callId = item.string("call_id");
    result.place = Place(item.self());
    return result;
  }

  void readResult(FieldReader& item) {
    CallResult result = begunResult(item);
    if (result.callId.empty()) {
      const std::string name = item.string("name");
      if (name.empty()) return faults_.missing(item.at("call_id"));
      result.name = names_.nameOf({CallItem::Function, item.string("namespace"), name});
    }
    const Path place = item.at("output");
    if (const json::Node output = item.any("output")) {
      result.content = readContent(output, place, faults_);
    }
    turns_.addResult(std::move(result));
  }

  // A text, or the outputs of several commands, which stay JSON.
  void readActionOutput(FieldReader& item, std::string_view type) {
    CallResult result = begunResult(item);
    if (result.callId.empty()) result.callId = callIdOf(item);
    const json::Node output = item.any("output");
    if (output.isString()) {
      result.content.emplace_back(TextPart{output.text()});
    } else if (output) {
      if (!faults_.mayReword(item.at("output"), output.source().size())) return;
      std::string text;
      output.appendTo(text);
      result.content.emplace_back(TextPart{request_.own(text)});
    }
    const bool hasFailed = type == "apply_patch_call_output" && item.string("status") == "failed";
    if (hasFailed) result.outcome = ToolOutcome::Failed;
    if (result.callId.empty()) return faults_.missing(item.at("call_id"));
    turns_.addResult(std::move(result));
  }

  // OpenAI documents the output of a local shell with the id of the call's item alone.
  std::string callIdOf(FieldReader& item) {
    std::string id = item.string("id");
    const auto known = callIds_.find(id);
    return known == callIds_.end() ? id : known->second;
  }

  // The tools can be called from now on. What the model is told of them is how they are called.
  void readFoundTools(FieldReader& item) {
    const auto found = readToolList(item, "tools", responses_, faults_);
    CallResult result = begunResult(item);
    if (result.callId.empty()) return;
    std::string text;
    json::Writer writer(text);
    writer.beginObject().key("tools").beginArray();
    for (const std::string& name : found) writer.string(name);
    writer.endArray().endObject();
    result.content.emplace_back(TextPart{request_.own(text)});
    turns_.addResult(std::move(result));
  }

  ResponsesRequest& responses_;
  Request& request_;
  ToolNames& names_;
  TurnBuilder turns_;
  Faults& faults_;
  std::unordered_map<std::string, std::string> callIds_;  // Of local shells, by their items' ids.
  std::size_t leftOut_ = 0;
  std::size_t kept_ = 0;  // In bytes.
};

void readItems(FieldReader& body, ItemReader& items, Storing storing, Faults& faults) {
  const bool hasStored = storing == Storing::On && body.any(kStoredItems);
  if (hasStored) items.readList(body, kStoredItems);
  const json::Node input = body.any("input");
  const Path path = body.at("input");
  if (!input) {
    if (!hasStored) faults.missing(path);
  } else if (input.isString()) {
    items.addText(Role::User, input.text());
  } else if (input.isArray()) {
    items.readList(body, "input");
  } else {
    faults.wrongType(path, "a string or an array of items", input);
  }
}

}  // namespace

void readInput(FieldReader& body, ResponsesRequest& responses, Faults& faults) {
  Request& request = responses.request;
  ItemReader items(responses, faults);
  const json::Text instructions = body.text("instructions");
  if (!instructions.empty()) items.addText(Role::System, instructions);
  readItems(body, items, responses.style.storing, faults);
  if (request.turns.empty()) {
    faults.report(badRequest("Invalid 'input': expected at least one message, but got none.",
                             "input", "empty_array"));
  }
  if (responses.style.call == ResponsesCall::Compact) {
    request.turns.push_back({Role::User, {TextPart{request.own(kSummaryRequest)}}});
  }
}

void readNewItems(FieldReader& body, ResponsesRequest& responses, Faults& faults) {
  ItemReader(responses, faults).readList(body, "items");
}

}  // namespace rondo::openai
