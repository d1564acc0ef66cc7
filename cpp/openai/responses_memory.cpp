#include "openai/responses_memory.h"

#include "base/error.h"
#include "json/document.h"
#include "json/writer.h"

namespace rondo::openai {
namespace {

constexpr std::size_t kMostReferences = 256;

// As the reader of items knows one.
bool isReference(json::Node item) {
  const std::string type = item.find("type").string();
  if (type == "item_reference") return true;
  return type.empty() && !item.find("role") && item.find("id");
}

std::string conversationOf(json::Node body) {
  const json::Node conversation = body.find("conversation");
  return conversation.isString() ? conversation.string() : conversation.find("id").string();
}

std::vector<ItemReference> referencesIn(json::Node input) {
  std::vector<ItemReference> references;
  for (std::size_t place = 0; const json::Node item : input.elements()) {
    if (item.isObject() && isReference(item) && item.find("id").isString()) {
      references.push_back({item.find("id").string(), item.offset(), item.source().size(), place});
    }
    ++place;
  }
  return references;
}

void append(std::vector<std::string>& items, json::Node list) {
  for (const json::Node item : list.elements()) items.emplace_back(item.source());
}

std::string messageOf(json::Node text) {
  std::string message;
  json::Writer writer(message);
  writer.beginObject().key("type").string("message").key("role").string("user");
  writer.key("content").beginArray().beginObject().key("type").string("input_text");
  writer.key("text").string(text.text()).endObject().endArray().endObject();
  return message;
}

}  // namespace

Result<MemoryUse> readMemoryUse(std::string_view body) {
  json::Document document;
  if (!document.tryRead(body)) return MemoryUse();
  const json::Node root = document.root();
  MemoryUse use;
  use.previous = root.find("previous_response_id").string();
  use.conversation = conversationOf(root);
  if (!root.find("store").boolean().value_or(true)) use.store = MemoryUse::Store::No;
  for (const auto& [name, value] : root.members()) {
    const json::Text text = name.text();
    if (text == kStoredItems) use.claimed.push_back({name.offset(), text.spelling().size()});
  }
  if (!use.previous.empty() && !use.conversation.empty()) {
    return fail(badRequest(
        "Mutually exclusive parameters: send either 'previous_response_id' or 'conversation'.",
        "previous_response_id", "mutually_exclusive_parameters"));
  }
  use.references = referencesIn(root.find("input"));
  if (use.references.size() > kMostReferences) {
    return fail(badRequest("Invalid 'input': expected at most " + std::to_string(kMostReferences) +
                               " references to items, but got " +
                               std::to_string(use.references.size()) + ".",
                           "input", "array_above_max_length"));
  }
  return use;
}

std::string_view memoryField(const MemoryUse& use) {
  return use.previous.empty() ? "conversation" : "previous_response_id";
}

Error ofEarlierTurns(Error error, std::string_view field) {
  if (!error.param.starts_with(kStoredItems)) return error;
  const auto at = error.message.find(error.param);
  if (at != std::string::npos) error.message.replace(at, error.param.size(), field);
  error.param = field;
  return error;
}

std::string withoutClaims(std::string_view body, const MemoryUse& use) {
  std::string out(body);
  for (const auto& [begin, size] : use.claimed) out.replace(begin, size, size, '_');
  return out;
}

std::string withItems(std::string_view body, const MemoryUse& use,
                      const std::vector<std::string>& history,
                      const std::vector<std::string>& items) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t i = 0; i < use.references.size(); ++i) {
    const auto& [id, begin, size, place] = use.references[i];
    out.append(body.substr(at, begin - at)).append(items[i]);
    at = begin + size;
  }
  const std::size_t end = body.rfind('}');
  out += body.substr(at, end - at);
  // One that has nothing else to say still names what it goes on from.
  if (!history.empty()) {
    out.append(",\"").append(kStoredItems).append("\":[");
    for (std::size_t i = 0; i < history.size(); ++i) {
      if (i > 0) out += ',';
      out += history[i];
    }
    out += ']';
  }
  out += body.substr(end);
  return out;
}

std::vector<std::string> inputItems(std::string_view body) {
  std::vector<std::string> items;
  json::Document document;
  if (!document.tryRead(body)) return items;
  const json::Node input = document.root().find("input");
  if (input.isString()) {
    items.push_back(messageOf(input));
  } else {
    append(items, input);
  }
  return items;
}

std::string unstored(std::string response) {
  json::Document document;
  if (!document.tryRead(response)) return response;
  const json::Node store = document.root().find("store");
  if (!store) return response;
  return response.replace(store.offset(), store.source().size(), "false");
}

std::optional<SplitResponse> splitResponse(std::string_view response) {
  json::Document document;
  if (!document.tryRead(response)) return std::nullopt;
  const json::Node output = document.root().find("output");
  if (!output.isArray()) return std::nullopt;
  SplitResponse split;
  split.id = document.root().find("id").string();
  split.before = response.substr(0, output.offset() + 1);
  split.behind = response.substr(output.offset() + output.source().size() - 1);
  append(split.outputs, output);
  return split;
}

}  // namespace rondo::openai
