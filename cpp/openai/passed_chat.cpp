#include "openai/passed_chat.h"

#include <utility>

#include "conversation/field_reader.h"

namespace rondo::openai {
namespace {

using conversation::FieldReader;

// More of a message tells no more conversations apart.
constexpr std::size_t kMostBytes = 4096;

// Up to the client's first message: later turns change only what comes behind it.
std::string firstMessages(json::Node messages) {
  std::string key = "messages\n";
  for (const json::Node message : messages.elements()) {
    key.append(message.source().substr(0, kMostBytes)).append("\n");
    if (message.find("role").text() == "user") break;
  }
  return key;
}

bool isNamedOnce(json::Node root, std::string_view name) {
  int times = 0;
  for (const auto& [key, value] : root.members()) {
    if (key.text() == name) ++times;
  }
  return times == 1;
}

bool isTrueOnce(json::Node object, std::string_view name) {
  return isNamedOnce(object, name) && object.find(name).boolean().value_or(false);
}

// Of members that come twice, whoever reads the body next may take the other one.
bool mayStream(json::Node root) {
  for (const auto& [key, value] : root.members()) {
    if (key.text() == "stream" && value.boolean().value_or(false)) return true;
  }
  return false;
}

bool mayHideCost(json::Node root) {
  constexpr std::string_view kOptions = "stream_options";
  if (!mayStream(root)) return false;
  return !isNamedOnce(root, kOptions) || !isTrueOnce(root.find(kOptions), "include_usage");
}

}  // namespace

Result<PassedChat> readPassedChat(std::string_view body) {
  PassedChat chat;
  if (auto read = chat.document.read(body); !read) return fail(read.error());
  const json::Node root = chat.document.root();
  conversation::Faults faults;
  const conversation::Path top;
  FieldReader fields(root, top, faults);
  if (!faults.any()) chat.model = fields.requiredString("model");
  if (faults.any()) return fail(faults.first());
  if (!isNamedOnce(root, "model")) {
    return fail(
        badRequest("The request has several fields `model`. Send one.", "model", "invalid_value"));
  }
  const std::string_view name = root.find("model").text().spelling();
  const auto begin = static_cast<std::size_t>(name.data() - body.data());
  chat.before = body.substr(0, begin);
  chat.after = body.substr(begin + name.size());
  if (root.find("stream").boolean().value_or(false)) chat.stream = conversation::Streaming::On;
  if (mayHideCost(root)) chat.cost = PassedChat::Cost::Hidden;
  return chat;
}

std::string conversationOf(const PassedChat& chat) {
  const json::Node root = chat.document.root();
  const std::string key = root.find("prompt_cache_key").string();
  if (!key.empty()) return "key\n" + key;
  const std::string user = root.find("user").string();
  return user.empty() ? firstMessages(root.find("messages")) : "user\n" + user;
}

std::string signedConversationOf(const PassedChat& chat) {
  const json::Node root = chat.document.root();
  const bool maySign = root.find("tools") || root.source().contains("\"thought_signature\"");
  return maySign ? conversationOf(chat) : std::string();
}

std::string bodyFor(const PassedChat& chat, std::string_view model) {
  std::string body;
  body.reserve(chat.before.size() + model.size() + chat.after.size());
  return body.append(chat.before).append(model).append(chat.after);
}

}  // namespace rondo::openai
