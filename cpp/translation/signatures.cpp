#include "translation/signatures.h"

#include <algorithm>
#include <utility>

#include "conversation/call_id.h"

namespace rondo::translation {

// Base64 in either alphabet.
bool isIntactSignature(std::string_view signature) {
  const std::size_t end = signature.find_last_not_of('=');
  if (end == std::string_view::npos || (end + 1) % 4 == 1) return false;
  return std::ranges::all_of(signature.substr(0, end + 1), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '-' || c == '_';
  });
}

Signatures::Signatures(const google::ModelFamily& family, conversation::SignatureOrigin goingTo,
                       SignaturePolicy policy, UnknownMakers unknownMakers,
                       const ClientSignatures* store)
    : origin_(std::move(goingTo)),
      areChecked_(family.checksSignatures()),
      policy_(policy),
      unknownMakers_(unknownMakers),
      store_(store) {}

std::string_view Signatures::forCall(const conversation::CallPart& call,
                                     const conversation::ThoughtSignature* thoughts,
                                     CallPlace place) const {
  const bool isDemanded = areChecked_ && place == CallPlace::FirstOfCurrentStep;
  if (policy_ == SignaturePolicy::Keep) {
    const auto need = isDemanded ? Need::Demanded : Need::Optional;
    const std::string_view signature = usable(call, thoughts, need);
    if (!signature.empty()) return signature;
  }
  const bool isRetry = policy_ == SignaturePolicy::Dummies;
  const bool isFirst = place != CallPlace::Later;
  return isDemanded || (isRetry && isFirst) ? kDummySignature : std::string_view();
}

std::string_view Signatures::usable(const conversation::CallPart& call,
                                    const conversation::ThoughtSignature* thoughts,
                                    Need need) const {
  const auto [id, carried] = conversation::splitCallId(call.id);
  const KnownSignature* known = store_ && !id.empty() ? store_->find(id) : nullptr;
  // Another one that the client brought is the call's own: ids are used again.
  const std::string_view own = call.signature.empty() ? carried : call.signature.value;
  const bool isOther = known && isIntactSignature(own) && own != known->signature;
  if (known && !isOther)
    return isSameMaker(known->origin, origin_) ? std::string_view(known->signature) : "";
  if (fits(call.signature, need)) return call.signature.value;
  if (!call.signature.empty()) return {};
  if (isIntactSignature(carried) && mayGoUnknown(need)) return carried;
  return thoughts && fits(*thoughts, need) ? std::string_view(thoughts->value) : std::string_view();
}

std::string_view Signatures::forText(const conversation::ThoughtSignature& signature) const {
  return forContent(signature, Need::Optional);
}

std::string_view Signatures::forImage(const conversation::ThoughtSignature& signature) const {
  return forContent(signature, Need::Demanded);
}

std::string_view Signatures::forContent(const conversation::ThoughtSignature& signature,
                                        Need need) const {
  const bool isSent = policy_ == SignaturePolicy::Keep && fits(signature, need);
  return isSent ? std::string_view(signature.value) : std::string_view();
}

bool Signatures::fits(const conversation::ThoughtSignature& signature, Need need) const {
  const bool mayGo =
      signature.origin ? isSameMaker(*signature.origin, origin_) : mayGoUnknown(need);
  return mayGo && isIntactSignature(signature.value);
}

bool Signatures::mayGoUnknown(Need need) const {
  return need == Need::Demanded || unknownMakers_ == UnknownMakers::Trusted;
}

}  // namespace rondo::translation
