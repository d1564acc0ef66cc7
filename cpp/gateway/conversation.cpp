#include "gateway/conversation.h"

#include <variant>

namespace rondo::gateway {
namespace {

// More of a text tells no more conversations apart.
constexpr std::size_t kMostBytes = 4096;

void appendTexts(std::string& key, const openai::Message& message) {
  for (const auto& part : message.content) {
    const auto* text = std::get_if<openai::TextPart>(&part);
    if (text) key.append(text->text.spelling().substr(0, kMostBytes)).append("\n");
  }
}

}  // namespace

std::string conversationOf(const openai::ChatRequest& request) {
  if (!request.promptCacheKey.empty()) return "key\n" + request.promptCacheKey;
  if (!request.user.empty()) return "user\n" + request.user;
  std::string key = "text\n";
  for (const auto& message : request.messages) {
    appendTexts(key, message);
    if (message.role == openai::Role::User) break;
  }
  return key;
}

std::string openLoopCredential(const openai::ChatRequest& request,
                               const translation::SignatureStore& store) {
  for (auto message = request.messages.rbegin(); message != request.messages.rend(); ++message) {
    if (message->role != openai::Role::Tool) break;
    const auto* known = store.find(message->toolCallId);
    if (known) return known->credentialId;
  }
  return {};
}

}  // namespace rondo::gateway
