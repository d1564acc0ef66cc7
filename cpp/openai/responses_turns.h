#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "conversation/request.h"

namespace rondo::openai {

// Puts the items of an input together to turns: what the assistant thought, said and called in a
// row is one, and so are the results behind it. Signatures that a client carried go onto what they
// belong to.
class TurnBuilder {
 public:
  // Adds to `turns`, which outlives it.
  explicit TurnBuilder(std::vector<conversation::Turn>& turns) : turns_(turns) {}

  // A message of its own, unless it is the assistant's.
  void addMessage(conversation::Role role, std::vector<conversation::Content> content);
  void addAssistant(conversation::Part part);
  void addCall(conversation::CallPart call);
  void addResult(conversation::CallResult result);
  // What a client brought back in a reasoning item.
  void addCarried(conversation::Envelope envelope);

  // Of the assistant's turn that is going on.
  std::size_t calls() const { return isAssistant() ? callsMade_ : 0; }
  bool endsWithHostedPart() const;

 private:
  bool isAssistant() const;
  conversation::Turn& assistant();
  void noteSignable(conversation::Turn& turn);
  void signCall(const std::string& callId, conversation::ThoughtSignature signature);
  void signContent(conversation::ThoughtSignature signature);

  std::vector<conversation::Turn>& turns_;
  // Of the assistant's latest turn: where each call stands, and signatures of calls to come.
  std::unordered_map<std::string, std::size_t> calls_;
  std::unordered_map<std::string, conversation::ThoughtSignature> waiting_;
  std::size_t callsMade_ = 0;
  std::optional<std::size_t> signable_;  // The last part that a signature can belong to.
};

}  // namespace rondo::openai
