#include "openai/responses_turns.h"

#include <utility>

#include "json/document.h"

namespace rondo::openai {
namespace {

using conversation::CallPart;
using conversation::CallResult;
using conversation::Carried;
using conversation::ImagePart;
using conversation::MediaPart;
using conversation::Part;
using conversation::Role;
using conversation::TextPart;
using conversation::ThoughtSignature;
using conversation::Turn;

// A turn of results has nothing else in it.
bool isResults(const Turn& turn) {
  return turn.role == Role::User && !turn.parts.empty() &&
         std::holds_alternative<CallResult>(turn.parts.front());
}

// The object as others may see it; empty when it is none.
std::string objectIn(std::string_view text) {
  json::Document document;
  std::string object;
  if (document.tryRead(text) && document.root().isObject()) document.root().appendTo(object);
  return object;
}

// Where a part of the model's that isn't a call carries its signature; null when it has no place.
ThoughtSignature* signatureOf(Part& part) {
  if (auto* text = std::get_if<TextPart>(&part)) {
    return text->text.empty() ? nullptr : &text->signature;
  }
  auto* medium = std::get_if<MediaPart>(&part);
  auto* image = medium ? std::get_if<ImagePart>(medium) : nullptr;
  return image ? &image->signature : nullptr;
}

}  // namespace

bool TurnBuilder::isAssistant() const {
  return !turns_.empty() && turns_.back().role == Role::Assistant;
}

bool TurnBuilder::endsWithHostedPart() const {
  return isAssistant() && !turns_.back().parts.empty() &&
         std::holds_alternative<conversation::HostedPart>(turns_.back().parts.back());
}

Turn& TurnBuilder::assistant() {
  if (isAssistant()) return turns_.back();
  calls_.clear();
  waiting_.clear();
  signable_.reset();
  callsMade_ = 0;
  Turn& turn = turns_.emplace_back();
  turn.role = Role::Assistant;
  return turn;
}

void TurnBuilder::addMessage(Role role, std::vector<conversation::Content> content) {
  if (role != Role::Assistant) {
    Turn& turn = turns_.emplace_back();
    turn.role = role;
  }
  Turn& turn = role == Role::Assistant ? assistant() : turns_.back();
  for (auto& piece : content) {
    std::visit([&turn](auto& each) { turn.parts.emplace_back(std::move(each)); }, piece);
    noteSignable(turn);
  }
}

void TurnBuilder::addAssistant(Part part) {
  Turn& turn = assistant();
  turn.parts.push_back(std::move(part));
  noteSignable(turn);
}

// The last part, if it has a place for a signature.
void TurnBuilder::noteSignable(Turn& turn) {
  if (signatureOf(turn.parts.back())) signable_ = turn.parts.size() - 1;
}

void TurnBuilder::addCall(CallPart call) {
  Turn& turn = assistant();
  ++callsMade_;
  if (const auto signature = waiting_.find(call.id); signature != waiting_.end()) {
    call.signature = std::move(signature->second);
    waiting_.erase(signature);
  }
  calls_.insert_or_assign(call.id, turn.parts.size());
  turn.parts.emplace_back(std::move(call));
}

void TurnBuilder::addResult(CallResult result) {
  if (turns_.empty() || !isResults(turns_.back())) turns_.emplace_back();
  turns_.back().parts.emplace_back(std::move(result));
}

void TurnBuilder::addCarried(conversation::Envelope envelope) {
  ThoughtSignature signature(std::move(envelope.value), std::move(envelope.origin));
  switch (envelope.what) {
    case Carried::CallSignature: return signCall(envelope.callId, std::move(signature));
    case Carried::TextSignature: return signContent(std::move(signature));
    case Carried::HostedPart:
      if (auto object = objectIn(signature.value); !object.empty()) {
        addAssistant(conversation::HostedPart{std::move(object), std::move(*signature.origin)});
      }
      return;
    case Carried::Summary: return;
  }
}

void TurnBuilder::signCall(const std::string& callId, ThoughtSignature signature) {
  Turn& turn = assistant();
  const auto known = calls_.find(callId);
  if (known == calls_.end()) {
    waiting_.insert_or_assign(callId, std::move(signature));
  } else {
    std::get<CallPart>(turn.parts[known->second]).signature = std::move(signature);
  }
}

void TurnBuilder::signContent(ThoughtSignature signature) {
  if (!isAssistant() || !signable_) return;
  *signatureOf(turns_.back().parts[*signable_]) = std::move(signature);
}

}  // namespace rondo::openai
