#pragma once

#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "google/answer.h"
#include "google/text_event.h"
#include "openai/chat_response.h"
#include "translation/choice_state.h"
#include "translation/finish.h"
#include "translation/signature_store.h"
#include "translation/tool_names.h"

// Answer → what it adds to the choices of a chat completion. One AnswerTranslator follows one
// answer, whole or in stream events, so that both say the same.

namespace rondo::translation {

// What the answer's shape depends on.
struct AnswerContext {
  ToolNames names;
  openai::CallStyle callStyle = openai::CallStyle::Tools;
  bool parallelToolCalls = true;
  // Ids of calls that Google gave no usable id are made from this: unique for each answer, at most
  // 24 characters of [A-Za-z0-9_-].
  std::string callIdSeed;
  SignatureOrigin origin;
  std::string credentialId = {};  // Through which the answer comes.
};

AnswerContext answerContext(const openai::ChatRequest& request, std::string callIdSeed,
                            SignatureOrigin origin);

// What one event adds to one choice.
struct ChoiceDelta {
  int choice = 0;
  openai::MessageDelta delta;
};

struct ChoiceFinish {
  int choice = 0;
  openai::FinishReason reason = openai::FinishReason::Stop;
  // What is known only at the end: annotations, and a call whose arguments might have come yet.
  openai::MessageDelta last;
};

// How an answer ended, or why it is none. `code` of the Error:
//   empty_answer         nothing came, or nothing to show and no reason to show nothing
//   malformed_answer     the model made a call that can't be read
//   upstream_incomplete  it broke off before the end
// Of several choices, one that is good makes the answer good: those that are empty or malformed
// then finish with `stop` and what was read of them.
using AnswerEnd = std::expected<std::vector<ChoiceFinish>, Error>;

class AnswerTranslator {
 public:
  // `store` may be null; else it must outlive the translator and gets the calls' signatures.
  AnswerTranslator(AnswerContext context, SignatureStore* store);

  // In the order Google told it: text, thoughts and calls are never mixed into one delta. A call
  // without arguments is held until something follows it in its choice.
  std::vector<ChoiceDelta> feed(google::Answer answer);

  // The same for an event that holds but a text of choice 0, while no call is held. Gives where it
  // is shown, if it is.
  std::optional<openai::TextField> feedText(const google::TextEvent& event);

  bool holdsCall() const { return heldCalls_ > 0; }

  // After the last event. One finish for each choice, by index; at least one.
  AnswerEnd finish(AnswerForm form);

  // The last usage told so far, since each event's is the running total.
  std::optional<openai::TokenUsage> usage() const;

  openai::CallStyle callStyle() const { return context_.callStyle; }

 private:
  class Deltas;

  void addPart(google::Part part, ChoiceState& state, Deltas& deltas);
  void addText(google::Part& part, const json::Text& text, ChoiceState& state, Deltas& deltas);
  void addBlock(std::string_view text, ChoiceState& state, Deltas& deltas);
  void addImage(std::string url, std::string signature, ChoiceState& state, Deltas& deltas);
  void addCall(HeldCall held, ChoiceState& state, Deltas& deltas);
  void addArguments(HeldCall more, ChoiceState& state, Deltas& deltas);
  void hold(HeldCall held, ChoiceState& state);
  void release(ChoiceState& state, Deltas& deltas);
  void show(HeldCall held, ChoiceState& state, Deltas& deltas);
  Result<openai::FinishReason> reasonOf(const ChoiceState& state, AnswerForm form) const;
  openai::MessageDelta lastOf(int choice, ChoiceState& state);
  std::string callId(std::string googleId);

  AnswerContext context_;
  SignatureStore* store_;
  std::map<int, ChoiceState> choices_;
  std::set<std::string, std::less<>> callIds_;
  int heldCalls_ = 0;
  std::size_t cited_ = 0;  // In all choices.
  bool isBlocked_ = false;
  std::optional<openai::TokenUsage> usage_;
  std::string usageText_;  // The last usageMetadata, while nobody has asked what it says.
};

}  // namespace rondo::translation
