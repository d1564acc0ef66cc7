#include "openai/chat_storage.h"

#include "base/error.h"
#include "json/document.h"

namespace rondo::openai {
namespace {

constexpr std::size_t kMaxPairs = 16;
constexpr std::size_t kMaxName = 64;    // In bytes of its spelling.
constexpr std::size_t kMaxValue = 512;  // The same.

Error badMetadata(const std::string& param, const std::string& expected, std::string code) {
  return badRequest("Invalid '" + param + "': expected " + expected + ".", param, std::move(code));
}

Result<void> checkMetadata(json::Node metadata) {
  if (!metadata.isObject()) {
    return fail(badMetadata("metadata", "an object", "invalid_type"));
  }
  std::size_t pairs = 0;
  for (const auto& [name, value] : metadata.members()) {
    if (++pairs > kMaxPairs) {
      return fail(badMetadata("metadata", "at most " + std::to_string(kMaxPairs) + " pairs",
                              "object_above_max_properties"));
    }
    if (name.source().size() > kMaxName + 2) {
      return fail(badMetadata("metadata",
                              "names of at most " + std::to_string(kMaxName) + " characters",
                              "string_above_max_length"));
    }
    const std::string place = "metadata." + name.string();
    if (!value.isString()) return fail(badMetadata(place, "a string", "invalid_type"));
    if (value.source().size() > kMaxValue + 2) {
      return fail(badMetadata(place, "at most " + std::to_string(kMaxValue) + " characters",
                              "string_above_max_length"));
    }
  }
  return {};
}

}  // namespace

Result<ChatStorage> readChatStorage(std::string_view body) {
  ChatStorage storage;
  // Hardly any request says so, and each is read once anyway.
  if (!body.contains("\"store\"")) return storage;
  json::Document document;
  if (!document.tryRead(body)) return storage;
  const json::Node root = document.root();
  if (!root.find("store").boolean().value_or(false)) return storage;
  storage.store = ChatStorage::Store::Yes;
  if (const json::Node metadata = root.find("metadata")) {
    if (const auto checked = checkMetadata(metadata); !checked) return fail(checked.error());
    storage.metadata = metadata.source();
  }
  for (const json::Node message : root.find("messages").elements()) {
    storage.messages.emplace_back(message.source());
  }
  return storage;
}

std::string completionId(std::string_view completion) {
  json::Document document;
  return document.tryRead(completion) ? document.root().find("id").string() : std::string();
}

}  // namespace rondo::openai
