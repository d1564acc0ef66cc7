#include "gateway/affinity.h"

#include <algorithm>
#include <variant>

#include "conversation/call_id.h"

namespace rondo::gateway {
namespace {

// More of a text tells no more conversations apart.
constexpr std::size_t kMostBytes = 4096;

void appendTexts(std::string& key, const conversation::Turn& turn) {
  for (const auto& part : turn.parts) {
    const auto* text = std::get_if<conversation::TextPart>(&part);
    if (text) key.append(text->text.spelling().substr(0, kMostBytes)).append("\n");
  }
}

// The maker of a turn's calls, as far as their signatures tell.
std::string makerOf(const conversation::Turn& turn) {
  for (const auto& part : turn.parts) {
    const auto* call = std::get_if<conversation::CallPart>(&part);
    if (call && call->signature.origin && !call->signature.origin->credentialId.empty()) {
      return call->signature.origin->credentialId;
    }
  }
  return {};
}

bool isResults(const conversation::Turn& turn) {
  return !turn.parts.empty() && std::ranges::all_of(turn.parts, [](const auto& part) {
    return std::holds_alternative<conversation::CallResult>(part);
  });
}

}  // namespace

std::string conversationOf(const conversation::Request& request) {
  if (!request.conversationKey.empty()) return "key\n" + request.conversationKey;
  if (!request.user.empty()) return "user\n" + request.user;
  std::string key = "text\n";
  for (const auto& turn : request.turns) {
    appendTexts(key, turn);
    if (turn.role == conversation::Role::User && !isResults(turn)) break;
  }
  return key;
}

std::string openLoopCredential(const conversation::Request& request,
                               const translation::ClientSignatures& store) {
  for (auto turn = request.turns.rbegin(); turn != request.turns.rend(); ++turn) {
    if (!isResults(*turn)) return makerOf(*turn);
    for (auto part = turn->parts.rbegin(); part != turn->parts.rend(); ++part) {
      const auto& result = std::get<conversation::CallResult>(*part);
      const auto* known = store.find(conversation::splitCallId(result.callId).id);
      if (known) return known->origin.credentialId;
    }
  }
  return {};
}

std::string imageMaker(const conversation::Request& request,
                       const translation::ClientSignatures& store) {
  for (auto turn = request.turns.rbegin(); turn != request.turns.rend(); ++turn) {
    if (turn->role != conversation::Role::Assistant) continue;
    for (auto part = turn->parts.rbegin(); part != turn->parts.rend(); ++part) {
      const auto* medium = std::get_if<conversation::MediaPart>(&*part);
      const auto* image = medium ? std::get_if<conversation::ImagePart>(medium) : nullptr;
      if (!image || image->signature.empty()) continue;
      if (image->signature.origin) return image->signature.origin->credentialId;
      const auto* known = store.find(translation::nameOfImage(image->signature.value));
      return known ? known->origin.credentialId : std::string();
    }
  }
  return {};
}

std::string affinityOfFiles(std::string_view client) {
  return client.empty() ? std::string() : "files\n" + std::string(client);
}

}  // namespace rondo::gateway
