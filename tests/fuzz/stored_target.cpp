#include <string>
#include <vector>

#include "conversation/signature.h"
#include "fuzz/require.h"
#include "fuzz/targets.h"
#include "json/document.h"
#include "openai/responses_memory.h"
#include "openai/responses_request.h"

namespace rondo::fuzz {
namespace {

const std::vector<std::string> kHistory{R"({"role":"user","content":"Hi"})", R"({"id":"msg_1"})"};

std::string itemAt(std::size_t place) { return "{\"recalled\":" + std::to_string(place) + "}"; }

json::Node elementAt(json::Node list, std::size_t place) {
  for (std::size_t at = 0; const json::Node element : list.elements()) {
    if (at++ == place) return element;
  }
  return {};
}

// What was recalled stands where it belongs, and the rest of the body is as it was.
void checkBody(std::string_view body, const openai::MemoryUse& use) {
  std::vector<std::string> items;
  for (const auto& reference : use.references) items.push_back(itemAt(reference.place));
  const std::string made = openai::withItems(body, use, kHistory, items);
  json::Document document;
  require(document.tryRead(made), "a body with what was recalled is JSON", made);
  const json::Node root = document.root();
  const json::Node stored = root.find(openai::kStoredItems);
  for (std::size_t i = 0; i < kHistory.size(); ++i) {
    require(elementAt(stored, i).source() == kHistory[i], "the history is there in order", made);
  }
  for (const auto& reference : use.references) {
    require(elementAt(root.find("input"), reference.place).source() == itemAt(reference.place),
            "an item stands where its reference stood", made);
  }
  std::size_t recalled = kHistory.size() + 3;
  for (const auto& item : kHistory) recalled += item.size() + 1;
  std::size_t expected = body.size() + recalled + openai::kStoredItems.size() + 2;
  for (std::size_t i = 0; i < items.size(); ++i) {
    expected += items[i].size() - use.references[i].size;
  }
  require(made.size() <= expected, "nothing else is added", made);
}

void checkUse(std::string_view body) {
  const auto use = openai::readMemoryUse(body);
  if (!use) {
    require(use.error().kind == ErrorKind::BadRequest, "a refused use is a 400",
            use.error().message);
    return;
  }
  if (use->recalls()) checkBody(body, *use);
  for (const auto& item : openai::inputItems(body)) {
    json::Document document;
    require(document.tryRead(item), "an item of the input is JSON", item);
  }
}

// Whatever a conversation takes, a request that goes on from it can be read.
void checkTaken(std::string_view list) {
  if (!openai::parseNewItems(list)) return;
  json::Document document;
  require(document.tryRead(list), "a list that is taken is JSON", list);
  std::string body = R"({"model":"gemini-3.1-flash-image","input":"Go on")";
  if (const json::Node items = document.root().find("items")) {
    body.append(",\"").append(openai::kStoredItems).append("\":").append(items.source());
  }
  body += '}';
  const auto read =
      openai::parseResponsesRequest(body, openai::ResponsesCall::Create, openai::Storing::On);
  require(read.has_value(), "a request that goes on from what was taken is read", body);
}

void checkSplit(std::string_view response) {
  const auto split = openai::splitResponse(response);
  if (!split) return;
  require(response.starts_with(split->before) && response.ends_with(split->behind),
          "what stands around the output is as it was", response);
  std::string joined = split->before;
  for (std::size_t i = 0; i < split->outputs.size(); ++i) {
    if (i > 0) joined += ',';
    joined += split->outputs[i];
  }
  joined += split->behind;
  json::Document document;
  require(document.tryRead(joined), "a response that was put together is JSON", joined);
  require(document.root().find("id").string() == split->id, "it is the same response", joined);
  std::size_t place = 0;
  for (const json::Node element : document.root().find("output").elements()) {
    require(place < split->outputs.size() && element.source() == split->outputs[place],
            "its output is as it was", joined);
    ++place;
  }
  require(place == split->outputs.size(), "none of its output is lost", joined);
}

void checkSignature(std::string_view text) {
  const auto envelope = conversation::unseal(text);
  if (!envelope) return;
  const auto again = conversation::unseal(conversation::seal(*envelope));
  require(again && again->what == envelope->what && again->origin == envelope->origin &&
              again->callId == envelope->callId && again->value == envelope->value,
          "an envelope is read as it was sealed", text);
}

}  // namespace

void tryStored(std::string_view input) {
  checkUse(input);
  checkTaken(input);
  checkSplit(input);
  checkSignature(input);
}

}  // namespace rondo::fuzz
