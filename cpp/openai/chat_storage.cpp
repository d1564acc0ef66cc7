#include "openai/chat_storage.h"

#include <utility>

#include "json/document.h"
#include "openai/metadata.h"

namespace rondo::openai {

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
    if (auto fault = metadataFault(metadata)) return fail(std::move(*fault));
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
