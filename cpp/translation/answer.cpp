#include "translation/answer.h"

#include <algorithm>
#include <utility>

#include "google/answer_sources.h"
#include "translation/call_arguments.h"
#include "translation/code_fence.h"

namespace rondo::translation {
namespace {

constexpr std::size_t kMaxCallId = 40;

// Of one answer. No client could run as many.
constexpr std::size_t kMaxCalls = 4096;

constexpr std::string_view kNoArguments = "{}";

bool isUsableCallId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxCallId && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

openai::TokenUsage translateUsage(const google::Usage& usage) {
  openai::TokenUsage result;
  result.prompt = usage.prompt + usage.toolUsePrompt;
  result.completion = usage.candidates + usage.thoughts;
  result.total = usage.total > 0 ? usage.total : result.prompt + result.completion;
  result.cached = usage.cached;
  result.reasoning = usage.thoughts;
  result.promptAudio = usage.promptAudio;
  result.completionAudio = usage.candidatesAudio;
  return result;
}

openai::TokenLogprob translateScore(google::TokenScore& score) {
  openai::TokenLogprob token{std::move(score.token), score.logProbability, {}};
  for (google::TokenScore& other : score.alternatives) {
    token.top.push_back({std::move(other.token), other.logProbability, {}});
  }
  return token;
}

}  // namespace

AnswerContext answerContext(const openai::ChatRequest& request, std::string callIdSeed,
                            SignatureOrigin origin) {
  return {ToolNames(request),    request.callStyle, request.parallelToolCalls,
          std::move(callIdSeed), std::move(origin), {}};
}

// Collects the deltas of one choice; a new one begins whenever the kind of content changes.
class AnswerTranslator::Deltas {
 public:
  enum class Kind { None, Text, Thought, Call, Image };

  Deltas(int choice, std::vector<ChoiceDelta>& all) : choice_(choice), all_(all) {}

  openai::MessageDelta& of(Kind kind) {
    if (kind != last_) all_.push_back({choice_, {}});
    last_ = kind;
    return all_.back().delta;
  }

 private:
  int choice_;
  std::vector<ChoiceDelta>& all_;
  Kind last_ = Kind::None;
};

AnswerTranslator::AnswerTranslator(AnswerContext context, SignatureStore* store)
    : context_(std::move(context)), store_(store) {}

std::vector<ChoiceDelta> AnswerTranslator::feed(google::Answer answer) {
  std::vector<ChoiceDelta> all;
  if (answer.usage) {
    usage_ = translateUsage(*answer.usage);
    usageText_.clear();
  }
  if (!answer.blockReason.empty()) isBlocked_ = true;
  for (google::Candidate& candidate : answer.candidates) {
    ChoiceState& state = choices_[candidate.index];
    Deltas deltas(candidate.index, all);
    PartPlace place = PartPlace::First;
    for (google::Part& part : candidate.parts) {
      state.beginPart(kindOf(part), place);
      place = PartPlace::Later;
      addPart(std::move(part), state, deltas);
    }
    if (!candidate.finishReason.empty()) release(state, deltas);
    for (google::TokenScore& score : candidate.scores) {
      deltas.of(Deltas::Kind::Text).logprobs.push_back(translateScore(score));
    }
    cited_ += state.cite(std::move(candidate.citations), google::kMaxCitations - cited_);
    cited_ += state.cite(std::move(candidate.grounding), google::kMaxCitations - cited_);
    if (!candidate.finishReason.empty()) {
      state.finishReason = std::move(candidate.finishReason);
      state.finishMessage = std::move(candidate.finishMessage);
    }
  }
  return all;
}

std::optional<openai::TextField> AnswerTranslator::feedText(const google::TextEvent& event) {
  if (!event.usage.empty()) usageText_ = event.usage;
  ChoiceState& state = choices_[0];
  state.beginPart(event.isThought ? PartKind::Thought : PartKind::Text, PartPlace::First);
  if (event.text.empty()) return std::nullopt;
  if (event.isThought) return openai::TextField::Reasoning;
  state.addText(event.text);
  return openai::TextField::Content;
}

std::optional<openai::TokenUsage> AnswerTranslator::usage() const {
  return usageText_.empty() ? usage_ : translateUsage(google::readUsage(usageText_));
}

void AnswerTranslator::addPart(google::Part part, ChoiceState& state, Deltas& deltas) {
  if (auto* call = std::get_if<google::FunctionCallPart>(&part.data)) {
    return addCall({std::move(*call), std::move(part.signature)}, state, deltas);
  }
  release(state, deltas);
  if (auto* text = std::get_if<google::TextPart>(&part.data)) {
    addText(part, text->text, state, deltas);
  } else if (auto* data = std::get_if<google::InlineDataPart>(&part.data)) {
    if (part.isThought || !data->mimeType.starts_with("image/")) return;
    addImage("data:" + data->mimeType + ";base64," + data->data, std::move(part.signature), state,
             deltas);
  } else if (auto* file = std::get_if<google::FileDataPart>(&part.data)) {
    if (part.isThought || !file->mimeType.starts_with("image/")) return;
    addImage(std::move(file->uri), std::move(part.signature), state, deltas);
  } else if (auto* code = std::get_if<google::ExecutableCodePart>(&part.data)) {
    addBlock(fencedCode(*code, state.column()), state, deltas);
  } else if (auto* result = std::get_if<google::CodeResultPart>(&part.data)) {
    addBlock(fencedResult(*result, state.column()), state, deltas);
  } else if (!part.signature.empty() && !part.isThought) {
    deltas.of(Deltas::Kind::Text).signature = std::move(part.signature);
  }
}

void AnswerTranslator::addText(google::Part& part, const json::Text& text, ChoiceState& state,
                               Deltas& deltas) {
  if (part.isThought) {
    if (text.empty()) return;
    deltas.of(Deltas::Kind::Thought).reasoning.append(text);
    return;
  }
  if (!part.signature.empty()) {
    deltas.of(Deltas::Kind::Text).signature = std::move(part.signature);
  }
  if (text.empty()) return;
  state.addText(text);
  deltas.of(Deltas::Kind::Text).content.append(text);
}

void AnswerTranslator::addBlock(std::string_view text, ChoiceState& state, Deltas& deltas) {
  state.hasContent = state.endsLine = true;
  state.offsets.addOther(text);
  deltas.of(Deltas::Kind::Text).content.append(text);
}

void AnswerTranslator::addImage(std::string url, std::string signature, ChoiceState& state,
                                Deltas& deltas) {
  state.hasContent = true;
  deltas.of(Deltas::Kind::Image)
      .images.push_back({state.images++, std::move(url), std::move(signature)});
}

void AnswerTranslator::addCall(HeldCall held, ChoiceState& state, Deltas& deltas) {
  if (held.call.name.empty()) return addArguments(std::move(held), state, deltas);
  release(state, deltas);
  if (held.call.args == kNoArguments) return hold(std::move(held), state);
  show(std::move(held), state, deltas);
}

// A call without a name tells the arguments of the one before it, if that has none.
void AnswerTranslator::addArguments(HeldCall more, ChoiceState& state, Deltas& deltas) {
  if (!state.held) {
    state.hasBrokenCall = true;
    return;
  }
  state.held->call.args = std::move(more.call.args);
  if (state.held->call.id.empty()) state.held->call.id = std::move(more.call.id);
  if (state.held->signature.empty()) state.held->signature = std::move(more.signature);
  if (state.held->call.args != kNoArguments) release(state, deltas);
}

void AnswerTranslator::hold(HeldCall held, ChoiceState& state) {
  state.held = std::move(held);
  ++heldCalls_;
}

void AnswerTranslator::release(ChoiceState& state, Deltas& deltas) {
  if (!state.held) return;
  show(*std::exchange(state.held, std::nullopt), state, deltas);
  --heldCalls_;
}

void AnswerTranslator::show(HeldCall held, ChoiceState& state, Deltas& deltas) {
  auto& [call, signature] = held;
  const bool takesOne =
      !context_.parallelToolCalls || context_.callStyle == openai::CallStyle::Functions;
  if (takesOne && state.calls > 0) return;
  if (callIds_.size() == kMaxCalls) {
    state.hasBrokenCall = true;
    return;
  }
  openai::CallDelta delta;
  delta.index = state.calls++;
  delta.id = callId(std::move(call.id));
  delta.name = context_.names.toClient(call.name);
  delta.kind = context_.names.kindOf(delta.name);
  delta.arguments =
      delta.kind == openai::ToolKind::Custom ? customInput(call.args) : std::move(call.args);
  if (store_) store_->remember(delta.id, {signature, context_.origin, context_.credentialId});
  delta.signature = std::move(signature);
  deltas.of(Deltas::Kind::Call).calls.push_back(std::move(delta));
}

std::string AnswerTranslator::callId(std::string googleId) {
  std::string id = std::move(googleId);
  if (!isUsableCallId(id) || callIds_.contains(id)) {
    id = "call_" + context_.callIdSeed + '_' + std::to_string(callIds_.size());
  }
  callIds_.insert(id);
  return id;
}

AnswerEnd AnswerTranslator::finish(AnswerForm form) {
  if (choices_.empty() && isBlocked_) {
    return std::vector<ChoiceFinish>{{0, openai::FinishReason::ContentFilter, {}}};
  }
  if (choices_.empty()) {
    return std::unexpected(
        makeError(ErrorKind::Broken, "Google's answer has nothing in it.", "empty_answer"));
  }
  std::vector<ChoiceFinish> finishes;
  std::optional<Error> fault;
  std::size_t faults = 0;
  for (auto& [index, state] : choices_) {
    openai::MessageDelta last = lastOf(index, state);
    auto reason = reasonOf(state, form);
    finishes.push_back({index, reason.value_or(openai::FinishReason::Stop), std::move(last)});
    if (reason) continue;
    // The whole answer broke off, not this choice alone.
    if (reason.error().kind == ErrorKind::Transient) return std::unexpected(reason.error());
    if (faults++ == 0) fault = std::move(reason.error());
  }
  if (faults == choices_.size()) return std::unexpected(std::move(*fault));
  return finishes;
}

Result<openai::FinishReason> AnswerTranslator::reasonOf(const ChoiceState& state,
                                                        AnswerForm form) const {
  std::string_view reason = state.finishReason;
  // A prompt that is refused once its answer has begun leaves the answer without a reason.
  if (reason.empty() && isBlocked_) reason = "SAFETY";
  if (reason.empty() && form == AnswerForm::Whole) reason = "STOP";
  return finishReason(
      {reason, state.finishMessage, state.calls > 0, state.hasContent, state.hasBrokenCall},
      context_.callStyle);
}

openai::MessageDelta AnswerTranslator::lastOf(int choice, ChoiceState& state) {
  std::vector<ChoiceDelta> all;
  Deltas deltas(choice, all);
  release(state, deltas);
  openai::MessageDelta last = all.empty() ? openai::MessageDelta() : std::move(all[0].delta);
  last.annotations = state.annotations();
  return last;
}

}  // namespace rondo::translation
