#pragma once

#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "conversation/answer.h"
#include "conversation/dialect.h"
#include "google/answer.h"
#include "google/text_event.h"
#include "translation/choice_state.h"
#include "translation/finish.h"
#include "translation/signature_store.h"
#include "translation/tool_names.h"

// Google's answer → events. One AnswerTranslator follows one answer, whole or in stream events, so
// that both say the same.

namespace rondo::translation {

// Where the signatures of calls stand: in a field of the dialect's, or in the calls' ids as well.
enum class SignaturePlace { Field, CallId };

// What an answer must have in it. Of a transcript nothing at all is enough: silence says nothing.
// Spoken: anything, and sound is told.
enum class Wanted { Anything, Spoken, Image, Sound, Transcript };

// What the answer's shape depends on.
struct AnswerContext {
  ToolNames names;
  conversation::CallLimit calls = conversation::CallLimit::Any;
  conversation::HostedStyle hosted = conversation::HostedStyle::Inline;
  // Ids of calls that Google gave no usable id are made from this: unique for each answer, at most
  // 24 characters of [A-Za-z0-9_-].
  std::string callIdSeed;
  SignatureOrigin origin;
  SignaturePlace signatures = SignaturePlace::Field;
  Wanted wanted = Wanted::Anything;
  // Gets the signatures of the first calls that have one, unless it is null. Outlives the
  // translator.
  std::vector<conversation::Envelope>* told = nullptr;
};

AnswerContext answerContext(const conversation::Request& request, std::string callIdSeed,
                            SignatureOrigin origin);

// What was known only at the end, with the Finish of each choice, or why it is no answer. `code` of
// the Error:
//   empty_answer         nothing came, or nothing to show and no reason to show nothing
//   malformed_answer     the model made a call that can't be read
//   upstream_incomplete  it broke off before the end
//   moderation_blocked   what was wanted was refused for what it is (BadRequest)
//   no_image, no_audio   what was wanted isn't there
//   incomplete_answer    a speech or a transcript stops early, for no reason that Google tells
//                        (Broken)
//   output_cut_off       a speech or a transcript is longer than an answer can be (BadRequest)
// Of several choices, one that is good makes the answer good: those that are empty or malformed
// then finish with `stop` and what was read of them.
using AnswerEnd = std::expected<std::vector<conversation::Event>, Error>;

class AnswerTranslator {
 public:
  // `store` may be null; else it must outlive the translator and gets the calls' signatures.
  AnswerTranslator(AnswerContext context, ClientSignatures* store);

  // In the order in which Google told it. A call without arguments is held until something follows
  // it in its choice.
  std::vector<conversation::Event> feed(google::Answer answer);

  // The same for an event that holds but a text of choice 0, while no call is held. Gives what it
  // is, if it is anything.
  std::optional<conversation::TextKind> feedText(const google::TextEvent& event);

  bool holdsCall() const { return heldCalls_ > 0; }

  // After the last event. One Finish for each choice, by index; at least one.
  AnswerEnd finish(AnswerForm form);

  // The last usage told so far, since each event's is the running total.
  std::optional<conversation::Usage> usage() const;

 private:
  class Teller;

  void addPart(google::Part part, ChoiceState& state, Teller& tell);
  void addText(google::Part& part, const json::Text& text, ChoiceState& state, Teller& tell);
  void addCode(google::ExecutableCodePart code, ChoiceState& state, Teller& tell);
  void addCodeResult(google::CodeResultPart result, ChoiceState& state, Teller& tell);
  void addBlock(std::string_view text, ChoiceState& state, Teller& tell);
  void addImage(std::string url, std::string signature, ChoiceState& state, Teller& tell);
  void addInline(google::Part& part, google::InlineDataPart data, ChoiceState& state, Teller& tell);
  void addTranscript(google::TranscriptPart heard, ChoiceState& state, Teller& tell);
  void addCall(HeldCall held, ChoiceState& state, Teller& tell);
  void addArguments(HeldCall more, ChoiceState& state, Teller& tell);
  void hold(HeldCall held, ChoiceState& state);
  void release(ChoiceState& state, Teller& tell);
  void show(HeldCall held, ChoiceState& state, Teller& tell);
  Result<conversation::FinishReason> reasonOf(const ChoiceState& state, AnswerForm form) const;
  std::optional<Error> missing(const ChoiceState* state) const;
  void noteSignature(const std::string& callId, const std::string& signature);
  std::string callId(std::string googleId);

  AnswerContext context_;
  ClientSignatures* store_;
  std::map<int, ChoiceState> choices_;
  std::set<std::string, std::less<>> callIds_;
  int heldCalls_ = 0;
  std::size_t cited_ = 0;  // In all choices.
  bool isBlocked_ = false;
  bool hasWanted_ = false;
  std::optional<conversation::Usage> usage_;
  std::string usageText_;  // The last usageMetadata, while nobody has asked what it says.
};

}  // namespace rondo::translation
