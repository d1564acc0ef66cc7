#include "translation/answer_translator.h"

#include <utility>

#include "base/ascii.h"
#include "base/bounds.h"
#include "base/redact.h"
#include "conversation/call_id.h"
#include "google/answer_sources.h"
#include "translation/call_arguments.h"
#include "translation/code_fence.h"

namespace rondo::translation {
namespace {

using conversation::Event;
using conversation::Finish;
using conversation::FinishReason;
using conversation::HostedStyle;
using conversation::TextKind;
using conversation::TextPiece;
using conversation::ThoughtPiece;
using conversation::TokenScore;

// Of one answer. No client could run as many.
constexpr std::size_t kMaxCalls = 4096;

constexpr std::string_view kNoArguments = "{}";

conversation::Usage translateUsage(const google::Usage& usage) {
  conversation::Usage result;
  result.prompt = usage.prompt + usage.toolUsePrompt;
  result.completion = usage.candidates + usage.thoughts;
  result.total = usage.total > 0 ? usage.total : result.prompt + result.completion;
  result.cached = usage.cached;
  result.reasoning = usage.thoughts;
  result.promptAudio = usage.promptAudio;
  result.completionAudio = usage.candidatesAudio;
  result.promptImage = usage.promptImage;
  return result;
}

// Sound in samples, bare or in a WAV file: what can be handed on in either form.
bool isSamples(std::string_view mediaType) {
  const std::string type = toLower(mediaType);
  return type.starts_with("audio/l16") || type.starts_with("audio/pcm") ||
         type.starts_with("audio/wav") || type.starts_with("audio/x-wav");
}

Error nothing(Wanted wanted) {
  if (wanted == Wanted::Image) {
    return makeError(ErrorKind::Broken, "A server error: the model made no image.", "no_image");
  }
  if (wanted == Wanted::Sound) {
    return makeError(ErrorKind::Broken, "A server error: the model said nothing.", "no_audio");
  }
  return makeError(ErrorKind::Broken, "A server error: Google's answer has nothing in it.",
                   "empty_answer");
}

Error stoppedEarly(std::string_view reason) {
  constexpr std::size_t kMostShown = 60;
  return makeError(
      ErrorKind::Broken,
      "A server error: the model stopped before the end (" + redact(reason, kMostShown) + ").",
      "incomplete_answer");
}

Wanted wantedBy(const conversation::Request& request) {
  if (request.image) return Wanted::Image;
  if (request.speech) return Wanted::Sound;
  if (request.spoken) return Wanted::Spoken;
  return request.transcript ? Wanted::Transcript : Wanted::Anything;
}

TokenScore translateScore(google::TokenScore& score) {
  TokenScore token{std::move(score.token), score.logProbability, {}};
  for (google::TokenScore& other : score.alternatives) {
    token.alternatives.push_back({std::move(other.token), other.logProbability, {}});
  }
  return token;
}

}  // namespace

AnswerContext answerContext(const conversation::Request& request, std::string callIdSeed,
                            SignatureOrigin origin) {
  return {ToolNames(request), request.calls,         request.hostedStyle, std::move(callIdSeed),
          std::move(origin),  SignaturePlace::Field, wantedBy(request)};
}

// Tells the events of one choice.
class AnswerTranslator::Teller {
 public:
  Teller(int choice, std::vector<Event>& all) : choice_(choice), all_(all) {}

  template <class What>
  void operator()(What what) {
    all_.push_back({choice_, std::move(what)});
  }

 private:
  int choice_;
  std::vector<Event>& all_;
};

AnswerTranslator::AnswerTranslator(AnswerContext context, ClientSignatures* store)
    : context_(std::move(context)), store_(store) {}

std::vector<Event> AnswerTranslator::feed(google::Answer answer) {
  std::vector<Event> all;
  if (answer.usage) {
    usage_ = translateUsage(*answer.usage);
    usageText_.clear();
  }
  if (!answer.blockReason.empty()) isBlocked_ = true;
  for (google::Candidate& candidate : answer.candidates) {
    ChoiceState& state = choices_[candidate.index];
    Teller tell(candidate.index, all);
    PartPlace place = PartPlace::First;
    for (google::Part& part : candidate.parts) {
      state.beginPart(kindOf(part), place);
      place = PartPlace::Later;
      addPart(std::move(part), state, tell);
    }
    if (!candidate.finishReason.empty()) release(state, tell);
    for (google::TokenScore& score : candidate.scores) {
      tell(translateScore(score));
    }
    if (context_.hosted == HostedStyle::Apart) state.searched(std::move(candidate.searches));
    cited_ += state.cite(std::move(candidate.citations), google::kMaxCitations - cited_);
    cited_ += state.cite(std::move(candidate.grounding), google::kMaxCitations - cited_);
    if (!candidate.finishReason.empty()) {
      state.finishReason = std::move(candidate.finishReason);
      state.finishMessage = std::move(candidate.finishMessage);
    }
  }
  return all;
}

std::optional<TextKind> AnswerTranslator::feedText(const google::TextEvent& event) {
  if (!event.usage.empty()) usageText_ = event.usage;
  ChoiceState& state = choices_[0];
  state.beginPart(event.isThought ? PartKind::Thought : PartKind::Text, PartPlace::First);
  if (event.text.empty()) return std::nullopt;
  if (event.isThought) return TextKind::Thought;
  state.addText(event.text);
  hasWanted_ = hasWanted_ || context_.wanted == Wanted::Transcript;
  return TextKind::Said;
}

std::optional<conversation::Usage> AnswerTranslator::usage() const {
  return usageText_.empty() ? usage_ : translateUsage(google::readUsage(usageText_));
}

void AnswerTranslator::addPart(google::Part part, ChoiceState& state, Teller& tell) {
  if (auto* call = std::get_if<google::FunctionCallPart>(&part.data)) {
    return addCall({std::move(*call), std::move(part.signature)}, state, tell);
  }
  release(state, tell);
  if (auto* text = std::get_if<google::TextPart>(&part.data)) {
    addText(part, text->text, state, tell);
  } else if (auto* data = std::get_if<google::InlineDataPart>(&part.data)) {
    addInline(part, std::move(*data), state, tell);
  } else if (auto* heard = std::get_if<google::TranscriptPart>(&part.data)) {
    addTranscript(std::move(*heard), state, tell);
  } else if (auto* file = std::get_if<google::FileDataPart>(&part.data)) {
    if (part.isThought || !file->mimeType.starts_with("image/")) return;
    addImage(std::move(file->uri), std::move(part.signature), state, tell);
  } else if (auto* code = std::get_if<google::ExecutableCodePart>(&part.data)) {
    addCode(std::move(*code), state, tell);
  } else if (auto* result = std::get_if<google::CodeResultPart>(&part.data)) {
    addCodeResult(std::move(*result), state, tell);
  } else if (auto* hosted = std::get_if<google::HostedToolPart>(&part.data)) {
    if (context_.hosted == HostedStyle::Inline) return;
    tell(conversation::HostedPart{std::move(hosted->json), context_.origin});
  } else if (!part.signature.empty() && !part.isThought) {
    tell(conversation::Signature{std::move(part.signature)});
  }
}

void AnswerTranslator::addText(google::Part& part, const json::Text& text, ChoiceState& state,
                               Teller& tell) {
  json::TextBuilder piece(text);
  if (part.isThought) {
    if (!text.empty()) tell(ThoughtPiece{std::move(piece)});
    return;
  }
  if (!text.empty()) {
    state.addText(text);
    hasWanted_ = hasWanted_ || context_.wanted == Wanted::Transcript;
    tell(TextPiece{std::move(piece)});
  }
  if (!part.signature.empty()) tell(conversation::Signature{std::move(part.signature)});
}

void AnswerTranslator::addCode(google::ExecutableCodePart code, ChoiceState& state, Teller& tell) {
  if (context_.hosted == HostedStyle::Inline) {
    return addBlock(fencedCode(code, state.column()), state, tell);
  }
  state.hasContent = true;
  tell(conversation::CodeRun{toLower(code.language), std::move(code.code)});
}

void AnswerTranslator::addCodeResult(google::CodeResultPart result, ChoiceState& state,
                                     Teller& tell) {
  if (context_.hosted == HostedStyle::Inline) {
    return addBlock(fencedResult(result, state.column()), state, tell);
  }
  state.hasContent = true;
  const bool isGood = result.outcome.empty() || result.outcome == "OUTCOME_OK";
  tell(conversation::CodeOutput{std::move(result.output), isGood
                                                              ? conversation::ToolOutcome::Ok
                                                              : conversation::ToolOutcome::Failed});
}

void AnswerTranslator::addBlock(std::string_view text, ChoiceState& state, Teller& tell) {
  state.hasContent = state.endsLine = true;
  state.offsets.addOther(text);
  tell(TextPiece{text});
}

void AnswerTranslator::addImage(std::string url, std::string signature, ChoiceState& state,
                                Teller& tell) {
  state.hasContent = true;
  if (context_.wanted == Wanted::Image) hasWanted_ = true;
  if (store_ && !signature.empty()) store_->remember(nameOfImage(signature), {{}, context_.origin});
  tell(conversation::Image{std::move(url), std::move(signature)});
}

// Sound is told to those who asked for it alone.
void AnswerTranslator::addInline(google::Part& part, google::InlineDataPart data,
                                 ChoiceState& state, Teller& tell) {
  if (part.isThought) return;
  // A chat passes on also an empty one, with its signature.
  const bool isNothing = data.data.empty() && context_.wanted != Wanted::Anything;
  if (isNothing) return;
  if (data.mimeType.starts_with("image/")) {
    std::string url = "data:" + data.mimeType + ";base64,";
    url.reserve(url.size() + data.data.size());
    url += data.data;
    data.data = {};
    return addImage(std::move(url), std::move(part.signature), state, tell);
  }
  const bool isTold = context_.wanted == Wanted::Sound || context_.wanted == Wanted::Spoken;
  if (!isTold || !isSamples(data.mimeType)) return;
  state.hasContent = hasWanted_ = true;
  tell(conversation::Sound{std::move(data.mimeType), std::move(data.data)});
}

// Each is a whole turn without blanks around it.
void AnswerTranslator::addTranscript(google::TranscriptPart heard, ChoiceState& state,
                                     Teller& tell) {
  if (heard.text.empty()) return;
  json::TextBuilder text(state.hasContent ? " " : "");
  text.append(std::string_view(heard.text));
  state.addText(text.view());
  tell(TextPiece{std::move(text)});
  if (context_.wanted != Wanted::Transcript) return;
  hasWanted_ = true;
  conversation::Utterance utterance{
      std::move(heard.text), std::move(heard.speaker), {}, std::move(heard.language)};
  for (auto& [word, start, end] : heard.words) {
    if (!start || !end) continue;
    utterance.words.push_back({std::move(word), *start, std::max(*start, *end)});
  }
  tell(std::move(utterance));
}

void AnswerTranslator::addCall(HeldCall held, ChoiceState& state, Teller& tell) {
  if (held.call.name.empty()) return addArguments(std::move(held), state, tell);
  release(state, tell);
  if (held.call.args == kNoArguments) return hold(std::move(held), state);
  show(std::move(held), state, tell);
}

// A call without a name tells the arguments of the one before it, if that has none.
void AnswerTranslator::addArguments(HeldCall more, ChoiceState& state, Teller& tell) {
  if (!state.held) {
    state.hasBrokenCall = true;
    return;
  }
  state.held->call.args = std::move(more.call.args);
  if (state.held->call.id.empty()) state.held->call.id = std::move(more.call.id);
  if (state.held->signature.empty()) state.held->signature = std::move(more.signature);
  if (state.held->call.args != kNoArguments) release(state, tell);
}

void AnswerTranslator::hold(HeldCall held, ChoiceState& state) {
  state.held = std::move(held);
  ++heldCalls_;
}

void AnswerTranslator::release(ChoiceState& state, Teller& tell) {
  if (!state.held) return;
  show(*std::exchange(state.held, std::nullopt), state, tell);
  --heldCalls_;
}

void AnswerTranslator::show(HeldCall held, ChoiceState& state, Teller& tell) {
  auto& [call, signature] = held;
  if (context_.calls == conversation::CallLimit::One && state.calls > 0) return;
  if (callIds_.size() == kMaxCalls) {
    state.hasBrokenCall = true;
    return;
  }
  ++state.calls;
  conversation::Call made;
  made.id = callId(std::move(call.id));
  made.name = context_.names.toClient(call.name);
  made.kind = context_.names.kindOf(made.name);
  const bool isCustom = made.kind == conversation::ToolKind::Custom;
  made.arguments = isCustom ? customInput(call.args) : std::move(call.args);
  noteSignature(made.id, signature);
  if (context_.signatures == SignaturePlace::CallId) {
    made.id = conversation::joinCallId(made.id, signature);
  }
  made.signature.value = std::move(signature);
  tell(std::move(made));
}

void AnswerTranslator::noteSignature(const std::string& callId, const std::string& signature) {
  if (store_) store_->remember(callId, {signature, context_.origin});
  if (!context_.told || signature.empty() || context_.told->size() == bounds::kSignedCalls) return;
  context_.told->push_back(
      {conversation::Carried::CallSignature, context_.origin, callId, signature});
}

std::string AnswerTranslator::callId(std::string googleId) {
  std::string id = std::move(googleId);
  if (!conversation::isPlainCallId(id) || callIds_.contains(id)) {
    id = "call_" + context_.callIdSeed + '_' + std::to_string(callIds_.size());
  }
  callIds_.insert(id);
  return id;
}

AnswerEnd AnswerTranslator::finish(AnswerForm form) {
  if (choices_.empty() && isBlocked_) {
    if (auto fault = missing(nullptr)) return std::unexpected(std::move(*fault));
    return std::vector<Event>{{0, Finish{FinishReason::Filtered}}};
  }
  if (choices_.empty()) {
    return std::unexpected(makeError(
        ErrorKind::Broken, "A server error: Google's answer has nothing in it.", "empty_answer"));
  }
  std::vector<Event> last;
  std::optional<Error> fault;
  std::size_t faults = 0;
  for (auto& [index, state] : choices_) {
    Teller tell(index, last);
    release(state, tell);
    if (auto searches = state.searches()) tell(std::move(*searches));
    for (auto& citation : state.citations()) tell(std::move(citation));
    auto reason = reasonOf(state, form);
    const bool brokeOff = !reason && reason.error().kind == ErrorKind::Transient;
    auto lacking = brokeOff ? std::nullopt : missing(&state);
    if (lacking) return std::unexpected(std::move(*lacking));
    tell(Finish{reason.value_or(FinishReason::Stop)});
    if (reason) continue;
    // The whole answer broke off, not this choice alone.
    if (reason.error().kind == ErrorKind::Transient) return std::unexpected(reason.error());
    if (faults++ == 0) fault = std::move(reason.error());
  }
  if (faults == choices_.size()) return std::unexpected(std::move(*fault));
  return last;
}

Result<conversation::FinishReason> AnswerTranslator::reasonOf(const ChoiceState& state,
                                                              AnswerForm form) const {
  std::string_view reason = state.finishReason;
  // A prompt that is refused once its answer has begun leaves the answer without a reason.
  if (reason.empty() && isBlocked_) reason = "SAFETY";
  if (reason.empty() && form == AnswerForm::Whole) reason = "STOP";
  // Speech that stops early (stoppedEarly above): in a chat its finish tells.
  const bool isHalf = context_.wanted == Wanted::Spoken && hasWanted_ && reason == "OTHER";
  if (isHalf) return FinishReason::Length;
  const bool hasContent = state.hasContent || context_.wanted == Wanted::Transcript;
  return finishReason(
      {reason, state.finishMessage, state.calls > 0, hasContent, state.hasBrokenCall});
}

// Why a choice isn't what was ordered. Half a speech or half a transcript is none: nothing in its
// form could tell.
std::optional<Error> AnswerTranslator::missing(const ChoiceState* state) const {
  if (context_.wanted == Wanted::Anything || context_.wanted == Wanted::Spoken) {
    return std::nullopt;
  }
  if (context_.wanted == Wanted::Image && hasWanted_) return std::nullopt;
  std::string_view word = state ? std::string_view(state->finishReason) : std::string_view();
  if (word.empty()) word = isBlocked_ ? "SAFETY" : "STOP";
  const auto reason = finishReason({word, {}, false, true, false});
  // An image that wasn't made for no reason that Google tells: another attempt may make it.
  if (word == "IMAGE_OTHER") return nothing(context_.wanted);
  if (reason && *reason == FinishReason::Filtered) {
    return badRequest("The request was refused by the model's safety system.", {},
                      "moderation_blocked");
  }
  const bool isSilence = context_.wanted == Wanted::Transcript && word == "STOP";
  if (!hasWanted_ && !isSilence) return nothing(context_.wanted);
  if (reason && *reason == FinishReason::Length) {
    return badRequest("The answer is longer than the model can give at once. Send less.", {},
                      "output_cut_off");
  }
  // Speech ends with OTHER in the midst of a sentence, once in a while and with status 200
  // (discuss.ai.google.dev/t/132776, /t/144813, /t/169063); asked for again, most come whole.
  if (reason && word != "STOP") return stoppedEarly(word);
  return std::nullopt;
}

}  // namespace rondo::translation
